using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>Looks for parameter sets of the other codec, which come when somebody sets a camera from H.264 to H.265 or back.</summary>
/// <param name="codec">The one that was not described.</param>
internal sealed class ForeignFormat(string codec)
{
    private bool _hasVideoParameters;

    /// <summary>It is the other codec.</summary>
    public bool IsSure { get; private set; }

    /// <summary>Looks at a whole unit.</summary>
    public void Look(ReadOnlySpan<byte> unit)
    {
        if (IsSure || unit.Length < 8) return;
        if (codec == "hevc") LookForHevc(unit);
        // Every header of H.265 has its lowest bit clear in the base layer.
        else IsSure = unit[0] is 0x67 or 0x47 or 0x27 && unit[1] is 66 or 77 or 88 or 100 or 110 or 122 or 244 && SequenceParameters.Read("h264", unit) is not null;
    }

    // To H.264 these are units without a meaning, and a data partition that hardly any encoder makes.
    private void LookForHevc(ReadOnlySpan<byte> unit)
    {
        if (unit[1] != 1) return;
        if (unit[0] == 0x40) _hasVideoParameters = true;
        else if (unit[0] == 0x42) IsSure = _hasVideoParameters && SequenceParameters.Read("hevc", unit) is not null;
    }
}
