namespace OrleansRecorder.Media.Mp4;

/// <summary>
/// Collects from the fragments of a file of ours what its index needs, so that a file that a crash left can be folded too. Whatever is not as
/// <see cref="Mp4Writer"/> writes it makes it give up: such a file stays as it is.
/// </summary>
internal sealed class FragmentIndexer
{
    private const int MostSamples = 16_000_000;
    private const int MostTracks = 4;
    private const uint DefaultBaseIsMoof = 0x020000;
    private const long LatestTime = 1L << 60;
    private static readonly DateTimeOffset Epoch = new(1904, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Track> _tracks = [];
    private int _samples;
    private bool _gaveUp;

    /// <summary>When the recording began, as the file says.</summary>
    public DateTimeOffset StartedAt { get; private set; } = Epoch;

    /// <summary>The tracks that have samples; null when an index cannot be made.</summary>
    public IReadOnlyList<IndexedTrack>? Tracks =>
        _gaveUp || !_tracks.Exists(track => track.Header.IsVideo && track.Table.Count > 0) ? null
            : [.. _tracks.Where(track => track.Table.Count > 0).Select(track => new IndexedTrack(track.Header, track.Table))];

    /// <summary>Reads the moov before the fragments.</summary>
    public void ReadMovie(ReadOnlySpan<byte> movie)
    {
        // A second one is none of ours.
        if (_tracks.Count > 0) _gaveUp = true;
        StartedAt = Epoch.AddSeconds(Math.Min(Boxes.Find(movie, "mvhd"u8).UInt64(4), 1e10));
        foreach (var box in new Boxes(movie))
        {
            if (!box.Is("trak"u8)) continue;
            if (_tracks.Count == MostTracks || ReadTrack(box.Body) is not { } track) _gaveUp = true;
            else _tracks.Add(track);
        }

        foreach (var defaults in new Boxes(Boxes.Find(movie, "mvex"u8).Body))
        {
            if (defaults.Is("trex"u8) && Find(defaults.UInt32(4)) is { } track) track.Defaults = SampleDefaults.OfMovie(defaults);
        }
    }

    /// <summary>Takes a fragment that is whole.</summary>
    /// <param name="fragment">What its moof holds.</param>
    /// <param name="position">Where the moof begins in the file.</param>
    /// <param name="data">The mdat behind it.</param>
    public void ReadFragment(ReadOnlySpan<byte> fragment, long position, BoxHead data)
    {
        foreach (var box in new Boxes(fragment))
        {
            if (_gaveUp) return;
            if (box.Is("traf"u8)) _gaveUp = !ReadTrackFragment(box.Body, position, data);
        }
    }

    private static Track? ReadTrack(ReadOnlySpan<byte> body)
    {
        var header = Boxes.Find(body, "tkhd"u8);
        var media = Boxes.Find(body, "mdia"u8).Body;
        var times = Boxes.Find(media, "mdhd"u8);
        var description = Boxes.Find(Boxes.Find(Boxes.Find(media, "minf"u8).Body, "stbl"u8).Body, "stsd"u8);
        var edits = Boxes.Find(Boxes.Find(body, "edts"u8).Body, "elst"u8);
        if (header.Version != 1 || times.Version != 1 || times.UInt32(20) == 0 || description.Body.Length == 0) return null;
        if (edits.Body.Length > 0 && (edits.Version != 1 || edits.UInt32(4) != 1 || edits.UInt64(16) > LatestTime)) return null;
        return new Track
        {
            Origin = edits.Body.Length > 0 ? (long)edits.UInt64(16) : 0,
            Header = new TrackHeader
            {
                Id = header.UInt32(20),
                IsVideo = Boxes.Find(media, "hdlr"u8).Name(8).SequenceEqual("vide"u8),
                Timescale = times.UInt32(20),
                Width = (int)(header.UInt32(88) >> 16),
                Height = (int)(header.UInt32(92) >> 16),
                SampleDescription = description.Body.ToArray(),
            },
        };
    }

    private bool ReadTrackFragment(ReadOnlySpan<byte> body, long position, BoxHead data)
    {
        var header = Boxes.Find(body, "tfhd"u8);
        var time = Boxes.Find(body, "tfdt"u8);
        if (Find(header.UInt32(4)) is not { } track || (header.Flags & DefaultBaseIsMoof) == 0 || time.Version != 1 || time.UInt64(4) > LatestTime) return false;
        var defaults = track.Defaults.OfFragment(header);
        var decode = (long)time.UInt64(4) - track.Origin;
        foreach (var box in new Boxes(body))
        {
            if (box.Is("trun"u8) && !ReadRun(track, new SampleRun(box, defaults), position, data, ref decode)) return false;
        }

        return true;
    }

    private bool ReadRun(Track track, SampleRun run, long moofAt, BoxHead data, ref long decode)
    {
        var begin = moofAt + run.DataOffset;
        var end = begin;
        var count = 0;
        while (run.MoveNext())
        {
            if (run.Size is 0 or > int.MaxValue || run.Duration == 0 || ++_samples > MostSamples) return false;
            if (track.Table.Count > 0 && decode <= track.Table.LastDecode) return false;
            track.Table.Add(new Sample((int)run.Size, decode, run.Offset, run.IsSync), run.Duration);
            decode += run.Duration;
            end += run.Size;
            count++;
        }

        if (count == 0 || count != run.Count || begin < data.Body || end > data.End) return false;
        track.Table.AddChunk(begin, count, end - begin);
        return true;
    }

    private Track? Find(uint id) => _tracks.Find(track => track.Header.Id == id);

    private sealed class Track
    {
        public required TrackHeader Header { get; init; }

        public required long Origin { get; init; }

        public SampleTable Table { get; } = new();

        public SampleDefaults Defaults { get; set; }
    }
}
