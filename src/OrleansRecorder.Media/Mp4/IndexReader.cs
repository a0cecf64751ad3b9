namespace OrleansRecorder.Media.Mp4;

/// <summary>
/// Looks at a <c>moov</c> that indexes a whole file, however large it is: reads the heads of its boxes and the first bytes of some. Never throws for what
/// they hold.
/// </summary>
internal sealed class IndexReader
{
    private const int MostBoxes = 1000;
    private const int Peek = 32;
    private readonly Stream _file;
    private int _boxes;
    private Track _track;

    private IndexReader(Stream file) => _file = file;

    /// <summary>Whether it holds a picture that can be decoded alone.</summary>
    public bool HasKeyFrame { get; private set; }

    /// <summary>The length of its picture.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Reads the box, all of which must be in the file.</summary>
    public static IndexReader Read(Stream file, BoxHead movie)
    {
        var reader = new IndexReader(file);
        reader.Walk(movie.Body, Math.Min(movie.End, file.Length));
        return reader;
    }

    private void Walk(long position, long end)
    {
        while (position < end && ++_boxes < MostBoxes && BoxHead.TryRead(_file, position, out var box) && box.End <= end)
        {
            switch (box.Name)
            {
                case "trak":
                    _track = default;
                    Walk(box.Body, box.End);
                    Take(_track);
                    break;
                case "mdia" or "minf" or "stbl":
                    Walk(box.Body, box.End);
                    break;
                default:
                    ReadLeaf(box);
                    break;
            }

            position = box.End;
        }
    }

    private void ReadLeaf(BoxHead head)
    {
        if (head.Name is not ("hdlr" or "mdhd" or "stsz" or "stss")) return;
        Span<byte> bytes = stackalloc byte[Peek];
        _file.Position = head.Body;
        var length = (int)Math.Min(Peek, head.Size - head.HeadSize);
        var box = new Box(default, bytes[.._file.ReadAtLeast(bytes[..length], length, throwOnEndOfStream: false)]);
        switch (head.Name)
        {
            case "hdlr":
                _track.IsVideo = box.Name(8).SequenceEqual("vide"u8);
                break;
            case "mdhd":
                _track.Timescale = box.UInt32(box.Version == 1 ? 20 : 12);
                _track.Duration = box.Version == 1 ? box.UInt64(24) : box.UInt32(16);
                break;
            case "stsz":
                _track.Samples = box.UInt32(8);
                break;
            case "stss":
                _track.Syncs = box.UInt32(4);
                break;
        }
    }

    private void Take(Track track)
    {
        if (HasKeyFrame || !track.IsVideo || track.Timescale == 0 || track.Samples == 0 || track.Syncs == 0) return;
        HasKeyFrame = true;
        Duration = TimeSpan.FromSeconds(Math.Min(track.Duration / (double)track.Timescale, 1e9));
    }

    // Without a table of sync samples all of them are (ISO 14496-12, 8.6.2).
    private record struct Track(bool IsVideo, uint Timescale, ulong Duration, uint Samples, uint? Syncs);
}
