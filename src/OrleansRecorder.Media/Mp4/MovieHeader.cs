namespace OrleansRecorder.Media.Mp4;

/// <summary>The beginning of every file: <c>ftyp</c>, the placeholder that <see cref="Folding"/> turns into an <c>mdat</c>, and the <c>moov</c> of a fragmented file.</summary>
internal static class MovieHeader
{
    private const uint BrandVersion = 0x200;

    /// <summary>Writes it. The samples of the first fragment are known already, the others are to come.</summary>
    public static void Write(BoxWriter boxes, DateTimeOffset startedAt, FragmentTrack video, FragmentTrack? sound)
    {
        var type = boxes.Begin("ftyp"u8);
        boxes.Bytes("isom"u8);
        boxes.UInt32(BrandVersion);
        // iso5 knows default-base-is-moof, iso6 composition offsets with a sign.
        boxes.Bytes("isomiso5iso6mp41"u8);
        boxes.End(type);
        boxes.Bytes(Folding.Placeholder);

        var movie = boxes.Begin("moov"u8);
        TrackBoxes.WriteMovie(boxes, startedAt, duration: 0);
        WriteTrack(boxes, startedAt, video);
        if (sound is not null) WriteTrack(boxes, startedAt, sound);
        var extends = boxes.Begin("mvex"u8);
        WriteDefaults(boxes, video.Header);
        if (sound is not null) WriteDefaults(boxes, sound.Header);
        boxes.End(extends);
        boxes.End(movie);
    }

    private static void WriteTrack(BoxWriter boxes, DateTimeOffset startedAt, FragmentTrack track)
    {
        // A duration of 0 stands for all that is to come (ISO 14496-12, 8.8.2 leaves it open; players take it so).
        Edit[] edits = track.Origin < 0 ? [new(Duration: 0, MediaTime: -track.Origin)] : [];
        var open = TrackBoxes.Begin(boxes, track.Header, startedAt, edits, mediaDuration: 0, movieDuration: 0);
        WriteEmpty(boxes, "stts"u8, zeros: 4);
        WriteEmpty(boxes, "stsc"u8, zeros: 4);
        WriteEmpty(boxes, "stsz"u8, zeros: 8);
        WriteEmpty(boxes, "stco"u8, zeros: 4);
        open.End(boxes);
    }

    private static void WriteEmpty(BoxWriter boxes, ReadOnlySpan<byte> kind, int zeros)
    {
        var table = boxes.Begin(kind, 0, 0);
        boxes.Zeros(zeros);
        boxes.End(table);
    }

    // Each fragment brings its own values.
    private static void WriteDefaults(BoxWriter boxes, TrackHeader track)
    {
        var defaults = boxes.Begin("trex"u8, 0, 0);
        boxes.UInt32(track.Id);
        boxes.UInt32(1);
        boxes.Zeros(12);
        boxes.End(defaults);
    }
}
