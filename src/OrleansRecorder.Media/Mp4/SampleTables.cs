namespace OrleansRecorder.Media.Mp4;

/// <summary>One track's tables in an index: <c>stts</c>, <c>ctts</c>, <c>stss</c>, <c>stsc</c>, <c>stsz</c> and <c>stco</c> or <c>co64</c>.</summary>
internal sealed class SampleTables
{
    private const int Head = 16;
    private const int SizesHead = 20;
    private readonly SampleTable _table;
    private readonly int _durations;
    private readonly int _offsets;
    private readonly int _runs;
    private readonly bool _hasOffsets;
    private readonly bool _hasNegativeOffsets;
    private readonly bool _hasLongPositions;

    /// <summary>Counts the entries that each will have.</summary>
    public SampleTables(SampleTable table)
    {
        _table = table;
        var samples = table.Samples();
        var (duration, offset) = (0u, 0);
        while (samples.MoveNext())
        {
            if (_durations == 0 || samples.Duration != duration) _durations++;
            if (_offsets == 0 || samples.Current.Offset != offset) _offsets++;
            (duration, offset) = (samples.Duration, samples.Current.Offset);
            _hasOffsets |= offset != 0;
            _hasNegativeOffsets |= offset < 0;
        }

        var chunks = table.Chunks();
        var run = 0;
        while (chunks.MoveNext())
        {
            if (chunks.Samples != run) _runs++;
            run = chunks.Samples;
            _hasLongPositions |= chunks.Position > uint.MaxValue;
        }
    }

    /// <summary>Bytes of all tables.</summary>
    public long Length =>
        Head + (8L * _durations)
        + (_hasOffsets ? Head + (8L * _offsets) : 0)
        + (HasSyncTable ? Head + (4L * _table.SyncCount) : 0)
        + Head + (12L * _runs)
        + SizesHead + (4L * _table.Count)
        + Head + ((_hasLongPositions ? 8L : 4L) * _table.ChunkCount);

    // Without a table every sample is a sync sample.
    private bool HasSyncTable => _table.SyncCount < _table.Count;

    /// <summary>Writes them.</summary>
    /// <param name="boxes">Where to.</param>
    /// <param name="flush">Called after each entry; may empty the writer.</param>
    public void Write(BoxWriter boxes, Action flush)
    {
        WriteDurations(boxes, flush);
        if (_hasOffsets) WriteOffsets(boxes, flush);
        if (HasSyncTable) WriteSyncs(boxes, flush);
        WriteRuns(boxes, flush);
        WriteSizes(boxes, flush);
        WritePositions(boxes, flush);
    }

    private static void Begin(BoxWriter boxes, ReadOnlySpan<byte> kind, int entries, int entrySize, byte version = 0)
    {
        var box = boxes.Begin(kind, version, 0);
        boxes.UInt32((uint)entries);
        boxes.End(box, (long)entries * entrySize);
    }

    private void WriteDurations(BoxWriter boxes, Action flush)
    {
        Begin(boxes, "stts"u8, _durations, 8);
        var samples = _table.Samples();
        var (count, duration) = (0u, 0u);
        while (samples.MoveNext())
        {
            if (count > 0 && samples.Duration != duration)
            {
                WritePair(boxes, count, duration, flush);
                count = 0;
            }

            duration = samples.Duration;
            count++;
        }

        if (count > 0) WritePair(boxes, count, duration, flush);
    }

    private void WriteOffsets(BoxWriter boxes, Action flush)
    {
        // Old players know the version without a sign only.
        Begin(boxes, "ctts"u8, _offsets, 8, version: _hasNegativeOffsets ? (byte)1 : (byte)0);
        var samples = _table.Samples();
        var (count, offset) = (0u, 0);
        while (samples.MoveNext())
        {
            if (count > 0 && samples.Current.Offset != offset)
            {
                WritePair(boxes, count, (uint)offset, flush);
                count = 0;
            }

            offset = samples.Current.Offset;
            count++;
        }

        if (count > 0) WritePair(boxes, count, (uint)offset, flush);
    }

    private void WriteSyncs(BoxWriter boxes, Action flush)
    {
        Begin(boxes, "stss"u8, _table.SyncCount, 4);
        var samples = _table.Samples();
        for (var number = 1u; samples.MoveNext(); number++)
        {
            if (!samples.Current.IsSync) continue;
            boxes.UInt32(number);
            flush();
        }
    }

    private void WriteRuns(BoxWriter boxes, Action flush)
    {
        Begin(boxes, "stsc"u8, _runs, 12);
        var chunks = _table.Chunks();
        var run = 0;
        for (var number = 1u; chunks.MoveNext(); number++)
        {
            if (chunks.Samples == run) continue;
            run = chunks.Samples;
            boxes.UInt32(number);
            boxes.UInt32((uint)run);
            boxes.UInt32(1);
            flush();
        }
    }

    private void WriteSizes(BoxWriter boxes, Action flush)
    {
        var box = boxes.Begin("stsz"u8, 0, 0);
        boxes.UInt32(0);
        boxes.UInt32((uint)_table.Count);
        boxes.End(box, 4L * _table.Count);
        var samples = _table.Samples();
        while (samples.MoveNext())
        {
            boxes.UInt32((uint)samples.Current.Length);
            flush();
        }
    }

    private void WritePositions(BoxWriter boxes, Action flush)
    {
        Begin(boxes, _hasLongPositions ? "co64"u8 : "stco"u8, _table.ChunkCount, _hasLongPositions ? 8 : 4);
        var chunks = _table.Chunks();
        while (chunks.MoveNext())
        {
            if (_hasLongPositions) boxes.UInt64((ulong)chunks.Position);
            else boxes.UInt32((uint)chunks.Position);
            flush();
        }
    }

    private static void WritePair(BoxWriter boxes, uint count, uint value, Action flush)
    {
        boxes.UInt32(count);
        boxes.UInt32(value);
        flush();
    }
}
