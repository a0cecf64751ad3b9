namespace OrleansRecorder.Media.Mp4;

/// <summary>What holds for the samples of a fragment that do not say otherwise (ISO 14496-12, 8.8.3 and 8.8.7).</summary>
internal readonly record struct SampleDefaults(uint Duration, uint Size, uint Flags)
{
    /// <summary>Those of a <c>trex</c>.</summary>
    public static SampleDefaults OfMovie(Box trex) => new(trex.UInt32(12), trex.UInt32(16), trex.UInt32(20));

    /// <summary>What a <c>tfhd</c> makes of them.</summary>
    public SampleDefaults OfFragment(Box tfhd)
    {
        var at = 8;
        if ((tfhd.Flags & 0x1) != 0) at += 8;
        if ((tfhd.Flags & 0x2) != 0) at += 4;
        var (duration, size, flags) = this;
        if ((tfhd.Flags & 0x8) != 0) duration = Next(tfhd, ref at);
        if ((tfhd.Flags & 0x10) != 0) size = Next(tfhd, ref at);
        if ((tfhd.Flags & 0x20) != 0) flags = Next(tfhd, ref at);
        return new(duration, size, flags);
    }

    private static uint Next(Box box, ref int at)
    {
        at += 4;
        return box.UInt32(at - 4);
    }
}

/// <summary>Walks the samples of a <c>trun</c> (ISO 14496-12, 8.8.8), as many as it has room for, whatever it claims.</summary>
internal ref struct SampleRun
{
    private const uint NonSync = 0x10000;
    private const uint HasDataOffset = 0x1;
    private const uint HasFirstFlags = 0x4;
    private const uint HasDuration = 0x100;
    private const uint HasSize = 0x200;
    private const uint HasFlags = 0x400;
    private const uint HasOffset = 0x800;
    private readonly Box _run;
    private readonly SampleDefaults _defaults;
    private readonly uint _firstFlags;
    private int _at;
    private uint _left;
    private bool _isFirst = true;

    /// <summary>Begins before the first sample.</summary>
    public SampleRun(Box trun, SampleDefaults defaults)
    {
        _run = trun;
        _defaults = defaults;
        _left = Count = trun.UInt32(4);
        _at = 8;
        if ((trun.Flags & HasDataOffset) != 0) DataOffset = (int)Next();
        _firstFlags = (trun.Flags & HasFirstFlags) != 0 ? Next() : defaults.Flags;
    }

    /// <summary>How many samples it claims.</summary>
    public uint Count { get; }

    /// <summary>Where its data lies, counted from the moof's beginning in the files that matter here.</summary>
    public int DataOffset { get; }

    /// <summary>All samples have the defaults: a few bytes may claim four billion of them, so nobody should walk them.</summary>
    public readonly bool IsUniform => (_run.Flags & (HasDuration | HasSize | HasFlags | HasOffset)) == 0;

    /// <summary>How long the samples of such a run last in all.</summary>
    public readonly ulong UniformDuration => (ulong)Count * _defaults.Duration;

    /// <summary>Whether one of the samples of such a run can be decoded alone.</summary>
    public readonly bool UniformHasSync => Count > 0 && ((_firstFlags & NonSync) == 0 || (Count > 1 && (_defaults.Flags & NonSync) == 0));

    /// <summary>Of the sample that <see cref="MoveNext"/> came to.</summary>
    public uint Duration { get; private set; }

    /// <summary>Bytes.</summary>
    public uint Size { get; private set; }

    /// <summary>How much later it is shown than decoded.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether it can be decoded alone.</summary>
    public bool IsSync { get; private set; }

    /// <summary>Goes to the next sample.</summary>
    public bool MoveNext()
    {
        if (_left == 0 || IsUniform || _at >= _run.Body.Length) return false;
        _left--;
        Duration = (_run.Flags & HasDuration) != 0 ? Next() : _defaults.Duration;
        Size = (_run.Flags & HasSize) != 0 ? Next() : _defaults.Size;
        var flags = (_run.Flags & HasFlags) != 0 ? Next() : _isFirst ? _firstFlags : _defaults.Flags;
        Offset = (_run.Flags & HasOffset) != 0 ? (int)Next() : 0;
        IsSync = (flags & NonSync) == 0;
        _isFirst = false;
        return true;
    }

    private uint Next()
    {
        _at += 4;
        return _run.UInt32(_at - 4);
    }
}
