namespace OrleansRecorder.Media.Recordings;

/// <summary>What a recorder must know of a sequence parameter set.</summary>
/// <param name="Width">Pixels shown.</param>
/// <param name="Height">Pixels shown.</param>
/// <param name="Profile">Profile, constraints, chroma and bit depth in one number: equal numbers need no new decoder.</param>
/// <param name="ReorderDepth">How many pictures may come before one that is shown earlier; null when the set does not say.</param>
internal readonly record struct SequenceParameters(int Width, int Height, long Profile, int? ReorderDepth)
{
    private const int MaxSide = 16384;

    /// <summary>Reads a set of this codec; null when it makes no sense.</summary>
    public static SequenceParameters? Read(string codec, ReadOnlySpan<byte> unit)
    {
        var parameters = codec == "hevc" ? H265Sps.Read(unit) : H264Sps.Read(unit);
        return parameters is { Width: > 0 and <= MaxSide, Height: > 0 and <= MaxSide } ? parameters : null;
    }
}
