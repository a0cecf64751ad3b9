namespace OrleansRecorder.Media.Recordings;

/// <summary>What the units before a picture's first slice say, and what kind of picture it is.</summary>
internal readonly ref struct AccessUnit
{
    private AccessUnit(bool isRandomAccess, ReadOnlySpan<byte> parameterSets)
    {
        IsRandomAccess = isRandomAccess;
        ParameterSets = parameterSets;
    }

    /// <summary>An IDR picture (H.264) or an IRAP picture (H.265): nothing before it is needed.</summary>
    public bool IsRandomAccess { get; }

    /// <summary>What stands before the picture, when there are parameter sets in it; else empty.</summary>
    public ReadOnlySpan<byte> ParameterSets { get; }

    /// <summary>Looks at the units up to the first slice; the rest of the picture costs nothing.</summary>
    public static AccessUnit Inspect(string codec, ReadOnlySpan<byte> data)
    {
        var setsEnd = 0;
        foreach (var unit in new AnnexB(data))
        {
            var kind = NalKinds.Of(codec, unit[0]);
            if (kind is NalKind.RandomAccess or NalKind.Picture) return new AccessUnit(kind == NalKind.RandomAccess, data[..setsEnd]);
            if (kind is NalKind.Other) continue;
            data.Overlaps(unit, out var start);
            setsEnd = start + unit.Length;
        }

        return new AccessUnit(isRandomAccess: false, data[..setsEnd]);
    }
}

/// <summary>The kinds of NAL units that matter to a recorder.</summary>
internal enum NalKind
{
    /// <summary>SEI, delimiters, private data.</summary>
    Other,

    /// <summary>A VPS.</summary>
    VideoParameters,

    /// <summary>An SPS.</summary>
    SequenceParameters,

    /// <summary>A PPS.</summary>
    PictureParameters,

    /// <summary>A slice of a picture where decoding can begin.</summary>
    RandomAccess,

    /// <summary>A slice of another picture.</summary>
    Picture,
}

/// <summary>Reads the kind from a unit's first byte.</summary>
internal static class NalKinds
{
    /// <summary>ITU-T H.264, table 7-1; ITU-T H.265, table 7-1.</summary>
    public static NalKind Of(string codec, byte header) => codec == "hevc"
        ? ((header >> 1) & 0x3f) switch
        {
            32 => NalKind.VideoParameters,
            33 => NalKind.SequenceParameters,
            34 => NalKind.PictureParameters,
            >= 16 and <= 23 => NalKind.RandomAccess,
            < 32 => NalKind.Picture,
            _ => NalKind.Other,
        }
        : (header & 0x1f) switch
        {
            7 => NalKind.SequenceParameters,
            8 => NalKind.PictureParameters,
            5 => NalKind.RandomAccess,
            1 or 2 => NalKind.Picture,
            _ => NalKind.Other,
        };
}
