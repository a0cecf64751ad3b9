namespace OrleansRecorder.Media.Mp4;

/// <summary>Follows the picture's time through the fragments of a file (ISO 14496-12, 8.8). Nonsense is ignored, whatever it is.</summary>
internal sealed class FragmentTimeline
{
    private const double LongestSeconds = 1e9;
    private uint _track;
    private uint _timescale;
    private SampleDefaults _movieDefaults;
    private ulong? _start;
    private ulong _end;
    private (ulong Start, ulong End, bool HasKey)? _pending;

    /// <summary>Whether a fragment that counts holds a sample that can be decoded alone.</summary>
    public bool HasKeyFrame { get; private set; }

    /// <summary>From the first to the end of the last sample that count.</summary>
    public TimeSpan Duration =>
        _start is { } start && _timescale > 0 && _end > start ? TimeSpan.FromSeconds(Math.Min((_end - start) / (double)_timescale, LongestSeconds)) : TimeSpan.Zero;

    /// <summary>Reads a moov; false when it has no picture.</summary>
    public bool ReadMovie(ReadOnlySpan<byte> movie)
    {
        foreach (var track in new Boxes(movie))
        {
            if (track.Is("trak"u8)) ReadTrack(track.Body);
        }

        foreach (var defaults in new Boxes(Boxes.Find(movie, "mvex"u8).Body))
        {
            if (defaults.Is("trex"u8) && defaults.UInt32(4) == _track) _movieDefaults = SampleDefaults.OfMovie(defaults);
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
        HasKeyFrame |= fragment.HasKey;
        _pending = null;
    }

    private void ReadTrack(ReadOnlySpan<byte> track)
    {
        var media = Boxes.Find(track, "mdia"u8).Body;
        if (_track != 0 || !Boxes.Find(media, "hdlr"u8).Name(8).SequenceEqual("vide"u8)) return;
        var header = Boxes.Find(track, "tkhd"u8);
        var times = Boxes.Find(media, "mdhd"u8);
        _track = header.UInt32(header.Version == 1 ? 20 : 12);
        _timescale = times.UInt32(times.Version == 1 ? 20 : 12);
    }

    private void ReadTrackFragment(ReadOnlySpan<byte> body)
    {
        var header = Boxes.Find(body, "tfhd"u8);
        if (header.UInt32(4) != _track) return;
        var defaults = _movieDefaults.OfFragment(header);
        var time = Boxes.Find(body, "tfdt"u8);
        var start = time.Version == 1 ? time.UInt64(4) : time.UInt32(4);
        var end = start;
        var hasKey = false;
        foreach (var run in new Boxes(body))
        {
            if (run.Is("trun"u8)) hasKey |= ReadRun(new SampleRun(run, defaults), ref end);
        }

        if (end > start) _pending = (start, end, hasKey);
    }

    private static bool ReadRun(SampleRun run, ref ulong end)
    {
        if (run.IsUniform)
        {
            end += run.UniformDuration;
            return run.UniformHasSync;
        }

        var hasKey = false;
        while (run.MoveNext())
        {
            end += run.Duration;
            hasKey |= run.IsSync;
        }

        return hasKey;
    }
}
