namespace OrleansRecorder.Media.Mp4;

/// <summary>
/// What a recording is when its writer is not there to ask: fragments up to some byte, or folded. Reads the heads of boxes and small boxes only, and in
/// memory never more than one of them; never throws for what a file holds.
/// </summary>
internal sealed class RecordingScan
{
    private const int LargestBox = 8 << 20;
    private readonly Stream _file;
    private readonly FragmentTimeline _timeline = new();
    private readonly FragmentIndexer? _indexer;
    private IndexReader? _index;
    private bool _isFragmented;

    private RecordingScan(Stream file, FragmentIndexer? indexer)
    {
        _file = file;
        _indexer = indexer;
    }

    /// <summary>Bytes up to the end of the last whole fragment, or of all when it has an index.</summary>
    public long SoundLength { get; private set; }

    /// <summary>It has one index for all: nothing is left to do, except <see cref="NeedsMdat"/>.</summary>
    public bool IsIndexed => _index is not null;

    /// <summary>The placeholder's place has a head that reaches to the index, but not yet, or no longer, the right name.</summary>
    public bool NeedsMdat { get; private set; }

    /// <summary>The placeholder was turned, and the index that it reaches to is not there: it has to be turned back.</summary>
    public bool NeedsPlaceholder { get; private set; }

    /// <summary>It begins as <see cref="MovieHeader"/> does.</summary>
    public bool HasPlaceholder { get; private set; }

    /// <summary>Whether it plays at all.</summary>
    public bool HasKeyFrame => _index?.HasKeyFrame ?? _timeline.HasKeyFrame;

    /// <summary>The length of its picture.</summary>
    public TimeSpan Duration => _index?.Duration ?? _timeline.Duration;

    /// <summary>Looks at a readable, seekable stream, and moves its position.</summary>
    /// <param name="file">The file.</param>
    /// <param name="indexer">Hears of all fragments; may be null.</param>
    public static RecordingScan Run(Stream file, FragmentIndexer? indexer = null)
    {
        var scan = new RecordingScan(file, indexer);
        var begin = 0L;
        if (!scan.ReadPlaceholder(ref begin)) scan.Walk(begin);
        return scan;
    }

    // True when the file is folded. Else the walk begins behind the placeholder, if there is one.
    private bool ReadPlaceholder(ref long begin)
    {
        if (!BoxHead.TryRead(_file, 0, out var type) || type.Name != "ftyp" || type.End != Folding.PlaceholderAt) return false;
        if (!BoxHead.TryRead(_file, type.End, out var place)) return false;
        var behind = type.End + Folding.Placeholder.Length;
        var isTurned = place.HeadSize == Folding.Placeholder.Length;
        if (!isTurned && (place.Name != "free" || place.End != behind)) return false;
        HasPlaceholder = true;
        begin = behind;
        if (!isTurned) return false;
        if (BoxHead.TryRead(_file, place.End, out var movie) && TryReadIndex(movie))
        {
            NeedsMdat = place.Name != "mdat";
            SoundLength = movie.End;
            return true;
        }

        NeedsPlaceholder = true;
        return false;
    }

    private void Walk(long position)
    {
        BoxHead fragmentHead = default;
        byte[]? fragment = null;
        var hasMovie = false;
        while (BoxHead.TryRead(_file, position, out var box) && box.End <= _file.Length)
        {
            switch (box.Name)
            {
                case "moov":
                    hasMovie = ReadMovie(box);
                    break;
                case "moof":
                    fragment = hasMovie ? box.ReadBody(_file, LargestBox) : null;
                    if (fragment is not null && !_timeline.ReadFragment(fragment)) fragment = null;
                    fragmentHead = box;
                    break;
                case "mdat":
                    if (fragment is not null)
                    {
                        _timeline.Accept();
                        _indexer?.ReadFragment(fragment, fragmentHead.Position, box);
                    }

                    fragment = null;
                    break;
            }

            position = box.End;
            // An empty box behind the fragments may hold an index that never came to count.
            if (fragment is null && box.Name is not "moof" && !(_isFragmented && box.Name is "free")) SoundLength = position;
            _isFragmented |= box.Name == "moof";
        }

        // A file of others that is not whole may lack media that its index speaks of.
        if (_index is not null && (_isFragmented || SoundLength != _file.Length)) _index = null;
    }

    private bool ReadMovie(BoxHead box)
    {
        if (box.ReadBody(_file, LargestBox) is { } movie && Boxes.Find(movie, "mvex"u8).Body.Length > 0)
        {
            _indexer?.ReadMovie(movie);
            return _timeline.ReadMovie(movie);
        }

        TryReadIndex(box);
        return false;
    }

    private bool TryReadIndex(BoxHead movie)
    {
        if (movie.Name != "moov" || movie.End > _file.Length) return false;
        var index = IndexReader.Read(_file, movie);
        if (!index.HasKeyFrame) return false;
        _index = index;
        return true;
    }
}
