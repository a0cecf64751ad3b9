namespace OrleansRecorder.Media.Mp4;

/// <summary>A stretch of a track on the movie's timeline (ISO 14496-12, 8.6.6).</summary>
/// <param name="Duration">In units of <see cref="TrackBoxes.MovieClock"/>.</param>
/// <param name="MediaTime">Where it begins in the media; -1 for a stretch of nothing.</param>
internal readonly record struct Edit(long Duration, long MediaTime);

/// <summary>The boxes of a <c>moov</c> that do not depend on its samples (ISO 14496-12, 8.2 to 8.7), the same in a fragmented file and in a folded one.</summary>
internal static class TrackBoxes
{
    /// <summary>Units a second of the movie's timeline: the video's own, so that its times are exact.</summary>
    public const uint MovieClock = Mp4Writer.VideoClock;

    private const uint One = 0x10000;
    private const byte LongTimes = 1;
    private const int Undetermined = 0x55c4;
    private static readonly DateTimeOffset Epoch = new(1904, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes <c>mvhd</c>.</summary>
    public static void WriteMovie(BoxWriter boxes, DateTimeOffset startedAt, long duration)
    {
        var header = boxes.Begin("mvhd"u8, LongTimes, 0);
        WriteCreation(boxes, startedAt);
        boxes.UInt32(MovieClock);
        boxes.UInt64((ulong)duration);
        boxes.UInt32(One);
        boxes.UInt16(0x100);
        boxes.Zeros(10);
        WriteMatrix(boxes);
        boxes.Zeros(24);
        boxes.UInt32(uint.MaxValue);
        boxes.End(header);
    }

    /// <summary>Begins a <c>trak</c> up to its sample tables, which come next.</summary>
    public static OpenTrack Begin(BoxWriter boxes, TrackHeader track, DateTimeOffset startedAt, ReadOnlySpan<Edit> edits, long mediaDuration, long movieDuration)
    {
        var trak = boxes.Begin("trak"u8);
        WriteHeader(boxes, track, startedAt, movieDuration);
        if (edits.Length > 0) WriteEdits(boxes, edits);
        var media = boxes.Begin("mdia"u8);
        var times = boxes.Begin("mdhd"u8, LongTimes, 0);
        WriteCreation(boxes, startedAt);
        boxes.UInt32(track.Timescale);
        boxes.UInt64((ulong)mediaDuration);
        boxes.UInt16(Undetermined);
        boxes.UInt16(0);
        boxes.End(times);
        WriteHandler(boxes, track);
        var information = boxes.Begin("minf"u8);
        WriteMediaHeader(boxes, track);
        var tables = boxes.Begin("stbl"u8);
        var description = boxes.Begin("stsd"u8);
        boxes.Bytes(track.SampleDescription);
        boxes.End(description);
        return new OpenTrack(trak, media, information, tables);
    }

    private static void WriteHeader(BoxWriter boxes, TrackHeader track, DateTimeOffset startedAt, long duration)
    {
        const uint enabledAndInMovie = 3;
        var header = boxes.Begin("tkhd"u8, LongTimes, enabledAndInMovie);
        WriteCreation(boxes, startedAt);
        boxes.UInt32(track.Id);
        boxes.UInt32(0);
        boxes.UInt64((ulong)duration);
        boxes.Zeros(8);
        boxes.UInt16(0);
        boxes.UInt16(0);
        boxes.UInt16(track.IsVideo ? 0 : 0x100);
        boxes.UInt16(0);
        WriteMatrix(boxes);
        boxes.UInt32((uint)track.Width << 16);
        boxes.UInt32((uint)track.Height << 16);
        boxes.End(header);
    }

    private static void WriteEdits(BoxWriter boxes, ReadOnlySpan<Edit> edits)
    {
        var container = boxes.Begin("edts"u8);
        var list = boxes.Begin("elst"u8, LongTimes, 0);
        boxes.UInt32((uint)edits.Length);
        foreach (var edit in edits)
        {
            boxes.UInt64((ulong)edit.Duration);
            boxes.UInt64((ulong)edit.MediaTime);
            boxes.UInt32(One);
        }

        boxes.End(list);
        boxes.End(container);
    }

    private static void WriteHandler(BoxWriter boxes, TrackHeader track)
    {
        var handler = boxes.Begin("hdlr"u8, 0, 0);
        boxes.UInt32(0);
        boxes.Bytes(track.IsVideo ? "vide"u8 : "soun"u8);
        boxes.Zeros(12);
        boxes.Bytes(track.IsVideo ? "VideoHandler\0"u8 : "SoundHandler\0"u8);
        boxes.End(handler);
    }

    private static void WriteMediaHeader(BoxWriter boxes, TrackHeader track)
    {
        var header = track.IsVideo ? boxes.Begin("vmhd"u8, 0, 1) : boxes.Begin("smhd"u8, 0, 0);
        boxes.Zeros(track.IsVideo ? 8 : 4);
        boxes.End(header);

        // The media is in this file.
        const uint selfContained = 1;
        var container = boxes.Begin("dinf"u8);
        var references = boxes.Begin("dref"u8, 0, 0);
        boxes.UInt32(1);
        var reference = boxes.Begin("url "u8, 0, selfContained);
        boxes.End(reference);
        boxes.End(references);
        boxes.End(container);
    }

    private static void WriteCreation(BoxWriter boxes, DateTimeOffset startedAt)
    {
        var seconds = (ulong)Math.Max(0, (startedAt - Epoch).TotalSeconds);
        boxes.UInt64(seconds);
        boxes.UInt64(seconds);
    }

    private static void WriteMatrix(BoxWriter boxes)
    {
        foreach (var value in (ReadOnlySpan<uint>)[One, 0, 0, 0, One, 0, 0, 0, 0x40000000]) boxes.UInt32(value);
    }

    /// <summary>A <c>trak</c> whose sample tables are to come.</summary>
    public readonly record struct OpenTrack(int Track, int Media, int Information, int Tables)
    {
        /// <summary>Ends all its boxes, of which tables may be written elsewhere, behind these bytes.</summary>
        public void End(BoxWriter boxes, long elsewhere = 0)
        {
            boxes.End(Tables, elsewhere);
            boxes.End(Information, elsewhere);
            boxes.End(Media, elsewhere);
            boxes.End(Track, elsewhere);
        }
    }
}
