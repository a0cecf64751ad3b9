namespace OrleansRecorder.Media.Mp4;

/// <summary>The <c>moov</c> of a whole file, with all tables (ISO 14496-12, 8.6 and 8.7). Its length is known before it is written, so that it never lies in memory.</summary>
internal sealed class MovieIndex
{
    private readonly IReadOnlyList<IndexedTrack> _tracks;
    private readonly SampleTables[] _tables;
    private readonly DateTimeOffset _startedAt;

    /// <summary>Counts what is to be written.</summary>
    public MovieIndex(IReadOnlyList<IndexedTrack> tracks, DateTimeOffset startedAt)
    {
        _tracks = tracks;
        _startedAt = startedAt;
        _tables = [.. tracks.Select(track => new SampleTables(track.Table))];
        var boxes = new BoxWriter();
        var movie = BeginMovie(boxes);
        for (var i = 0; i < _tables.Length; i++) BeginTrack(boxes, i);
        Length = boxes.Length - movie + _tables.Sum(tables => tables.Length);
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Writes it.</summary>
    /// <param name="boxes">Where to, behind what is there.</param>
    /// <param name="flush">Called now and then; may empty the writer.</param>
    public void Write(BoxWriter boxes, Action flush)
    {
        var movie = BeginMovie(boxes);
        boxes.Patch(movie, checked((uint)Length));
        for (var i = 0; i < _tables.Length; i++)
        {
            BeginTrack(boxes, i).End(boxes, _tables[i].Length);
            _tables[i].Write(boxes, flush);
        }
    }

    private int BeginMovie(BoxWriter boxes)
    {
        var movie = boxes.Begin("moov"u8);
        TrackBoxes.WriteMovie(boxes, _startedAt, _tracks.Max(MovieDuration));
        return movie;
    }

    private TrackBoxes.OpenTrack BeginTrack(BoxWriter boxes, int index)
    {
        var track = _tracks[index];
        var table = track.Table;
        return TrackBoxes.Begin(boxes, track.Header, _startedAt, Edits(track), table.End - table.Begin, MovieDuration(track));
    }

    // Media time 0 is the first sample here. What is decoded before the file's beginning is cut off; what begins later has nothing before it.
    private static Edit[] Edits(IndexedTrack track)
    {
        var begin = track.Table.Begin;
        return begin switch
        {
            0 => [],
            < 0 => [new Edit(MovieDuration(track), -begin)],
            _ => [new Edit(ToMovie(begin, track), -1), new Edit(ToMovie(track.Table.PresentationEnd - begin, track), 0)],
        };
    }

    private static long MovieDuration(IndexedTrack track) => ToMovie(Math.Max(0, track.Table.PresentationEnd), track);

    // Rounded up: a stretch that is too short would cost the last sample.
    private static long ToMovie(long units, IndexedTrack track) =>
        track.Header.Timescale == TrackBoxes.MovieClock ? units : (long)Math.Ceiling((decimal)units * TrackBoxes.MovieClock / track.Header.Timescale);
}
