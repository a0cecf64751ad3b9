using System.Buffers.Binary;

namespace OrleansRecorder.Media.Recordings;

/// <summary>Follows the picture's time through the fragments of a file (ISO 14496-12, 8.8). Nonsense is ignored, whatever it is.</summary>
internal sealed class FragmentTimeline
{
    private const uint NonSyncSample = 0x10000;
    private const int MaxSamples = 1 << 20;
    private uint _track;
    private uint _timescale;
    private (uint Duration, uint Flags) _movieDefaults;
    private ulong? _start;
    private ulong _end;
    private bool _hasKeyFrame;
    private (ulong Start, ulong End, bool HasKey)? _pending;

    /// <summary>Whether a fragment that counts holds a sample that can be decoded alone.</summary>
    public bool HasKeyFrame => _hasKeyFrame;

    /// <summary>From the first to the end of the last sample that count.</summary>
    public TimeSpan Duration =>
        _start is { } start && _timescale > 0 && _end > start ? TimeSpan.FromSeconds(Math.Min((_end - start) / (double)_timescale, 1e9)) : TimeSpan.Zero;

    /// <summary>Reads a moov; false when it has no picture.</summary>
    public bool ReadMovie(ReadOnlySpan<byte> movie)
    {
        foreach (var track in new Boxes(movie))
        {
            if (track.Is("trak"u8)) ReadTrack(track.Body);
        }

        foreach (var extends in new Boxes(Boxes.Find(movie, "mvex"u8)))
        {
            if (extends.Is("trex"u8) && extends.UInt32(4) == _track) _movieDefaults = (extends.UInt32(12), extends.UInt32(20));
        }

        return _track != 0 && _timescale != 0;
    }

    /// <summary>Reads a moof, which counts from <see cref="Accept"/> on; false when it is none.</summary>
    public bool ReadFragment(ReadOnlySpan<byte> fragment)
    {
        _pending = null;
        var hasTrack = false;
        foreach (var traf in new Boxes(fragment))
        {
            if (!traf.Is("traf"u8)) continue;
            hasTrack = true;
            ReadTrackFragment(traf.Body);
        }

        return hasTrack;
    }

    /// <summary>The fragment's data is there too.</summary>
    public void Accept()
    {
        if (_pending is not { } fragment) return;
        _start ??= fragment.Start;
        _end = Math.Max(_end, fragment.End);
        _hasKeyFrame |= fragment.HasKey;
        _pending = null;
    }

    private void ReadTrack(ReadOnlySpan<byte> track)
    {
        var media = Boxes.Find(track, "mdia"u8);
        if (_track != 0 || !new Box("hdlr"u8, Boxes.Find(media, "hdlr"u8)).Text(8).SequenceEqual("vide"u8)) return;
        var header = new Box("tkhd"u8, Boxes.Find(track, "tkhd"u8));
        var times = new Box("mdhd"u8, Boxes.Find(media, "mdhd"u8));
        _track = header.UInt32(header.Version == 1 ? 20 : 12);
        _timescale = times.UInt32(times.Version == 1 ? 20 : 12);
    }

    private void ReadTrackFragment(ReadOnlySpan<byte> body)
    {
        var header = new Box("tfhd"u8, Boxes.Find(body, "tfhd"u8));
        if (header.UInt32(4) != _track) return;
        var defaults = ReadDefaults(header);
        var time = new Box("tfdt"u8, Boxes.Find(body, "tfdt"u8));
        var start = time.Version == 1 ? ((ulong)time.UInt32(4) << 32) | time.UInt32(8) : time.UInt32(4);
        var end = start;
        var hasKey = false;
        foreach (var run in new Boxes(body))
        {
            if (run.Is("trun"u8)) hasKey |= ReadRun(run, defaults, ref end);
        }

        if (end > start) _pending = (start, end, hasKey);
    }

    private (uint Duration, uint Flags) ReadDefaults(Box header)
    {
        var defaults = _movieDefaults;
        var at = 8;
        if ((header.Flags & 0x1) != 0) at += 8;
        if ((header.Flags & 0x2) != 0) at += 4;
        if ((header.Flags & 0x8) != 0)
        {
            defaults.Duration = header.UInt32(at);
            at += 4;
        }

        if ((header.Flags & 0x10) != 0) at += 4;
        if ((header.Flags & 0x20) != 0) defaults.Flags = header.UInt32(at);
        return defaults;
    }

    private static bool ReadRun(Box run, (uint Duration, uint Flags) defaults, ref ulong end)
    {
        var count = Math.Min(run.UInt32(4), MaxSamples);
        var at = 8;
        if ((run.Flags & 0x1) != 0) at += 4;
        uint? firstFlags = null;
        if ((run.Flags & 0x4) != 0)
        {
            firstFlags = run.UInt32(at);
            at += 4;
        }

        var hasKey = false;
        for (var i = 0; i < count && at <= run.Body.Length; i++)
        {
            end += (run.Flags & 0x100) != 0 ? Next(run, ref at) : defaults.Duration;
            if ((run.Flags & 0x200) != 0) at += 4;
            var flags = (run.Flags & 0x400) != 0 ? Next(run, ref at) : i == 0 && firstFlags is { } first ? first : defaults.Flags;
            if ((run.Flags & 0x800) != 0) at += 4;
            hasKey |= (flags & NonSyncSample) == 0;
        }

        return hasKey;
    }

    private static uint Next(Box run, ref int at)
    {
        var value = run.UInt32(at);
        at += 4;
        return value;
    }

    /// <summary>A box without its header; what is read past its end is zero.</summary>
    private readonly ref struct Box(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body)
    {
        private readonly ReadOnlySpan<byte> _kind = kind;

        public ReadOnlySpan<byte> Body { get; } = body;

        public byte Version => Body.Length > 0 ? Body[0] : (byte)0;

        public uint Flags => UInt32(0) & 0xffffff;

        public bool Is(ReadOnlySpan<byte> kind) => _kind.SequenceEqual(kind);

        public uint UInt32(int at) => at + 4 <= Body.Length ? BinaryPrimitives.ReadUInt32BigEndian(Body[at..]) : 0;

        public ReadOnlySpan<byte> Text(int at) => at + 4 <= Body.Length ? Body.Slice(at, 4) : default;
    }

    /// <summary>Walks the boxes in a body; stops at the first that does not fit.</summary>
    private ref struct Boxes(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public Box Current { get; private set; }

        public readonly Boxes GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.Length < 8) return false;
            var size = BinaryPrimitives.ReadUInt32BigEndian(_rest);
            if (size < 8 || size > _rest.Length) return false;
            Current = new Box(_rest.Slice(4, 4), _rest[8..(int)size]);
            _rest = _rest[(int)size..];
            return true;
        }

        public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> data, ReadOnlySpan<byte> kind)
        {
            foreach (var box in new Boxes(data))
            {
                if (box.Is(kind)) return box.Body;
            }

            return default;
        }
    }
}
