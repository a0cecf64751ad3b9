namespace OrleansRecorder.Media.Mp4;

/// <summary>A picture or a frame of sound, as it lies in a file.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Decode">When it is decoded, in the track's clock.</param>
/// <param name="Offset">How much later it is shown.</param>
/// <param name="IsSync">Decoding can begin with it.</param>
internal readonly record struct Sample(int Length, long Decode, int Offset, bool IsSync);

/// <summary>
/// All samples of a track and where they lie, for the index at the file's end: some 3 bytes a sample, since only what differs from the sample before is
/// kept besides the length.
/// </summary>
internal sealed class SampleTable
{
    private const ulong Sync = 1;
    private const ulong NewDuration = 2;
    private const ulong NewOffset = 4;
    private const int FlagBits = 3;
    private readonly ByteLog _samples = new();
    private readonly ByteLog _chunks = new();
    private Sample? _last;
    private uint _lastDuration;
    private uint _writtenDuration;
    private int _writtenOffset;
    private long _lastPresentation = long.MinValue;
    private long _chunkEnd;

    /// <summary>How many samples there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are sync samples.</summary>
    public int SyncCount { get; private set; }

    /// <summary>How many chunks, that is runs of samples that lie behind each other.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>The decoding time of the first sample.</summary>
    public long Begin { get; private set; }

    /// <summary>The decoding time of the last sample.</summary>
    public long LastDecode => _last?.Decode ?? Begin;

    /// <summary>When the last sample ends, in decoding time.</summary>
    public long End => _last is { } last ? last.Decode + _lastDuration : Begin;

    /// <summary>
    /// When the last sample is no longer shown. A track that is decoded before it is shown lasts as long in both; that the last one to be shown lasts as long
    /// as another keeps it from being cut off where the last step of decoding was only guessed.
    /// </summary>
    public long PresentationEnd => Count == 0 ? Begin : Math.Max(End - Math.Min(Begin, 0), _lastPresentation + _writtenDuration);

    /// <summary>Memory, in bytes, as far as it grows.</summary>
    public long Memory => _samples.Length + _chunks.Length;

    /// <summary>Appends a sample; its duration holds until the next one says better.</summary>
    public void Add(in Sample sample, uint duration)
    {
        if (_last is { } last) Write(last, Duration(last.Decode, sample.Decode));
        else Begin = sample.Decode;
        _last = sample;
        _lastDuration = duration;
        _lastPresentation = Math.Max(_lastPresentation, sample.Decode + sample.Offset);
        Count++;
        if (sample.IsSync) SyncCount++;
    }

    /// <summary>Lets the last sample last until a decoding time, if that is later than its own.</summary>
    public void EndAt(long decode)
    {
        if (decode > LastDecode) _lastDuration = Duration(LastDecode, decode);
    }

    /// <summary>Tells where the next samples, or those just added, lie in the file.</summary>
    public void AddChunk(long position, int samples, long length)
    {
        _chunks.AddSigned(position - _chunkEnd);
        _chunks.Add((ulong)samples);
        _chunkEnd = position + length;
        _chunks.Add((ulong)length);
        ChunkCount++;
    }

    /// <summary>The units between two decoding times, as much as a table can say.</summary>
    public static uint Duration(long from, long to) => (uint)Math.Clamp(to - from, 0, uint.MaxValue);

    /// <summary>Walks all samples.</summary>
    public SampleReader Samples() => new(this);

    /// <summary>Walks all chunks.</summary>
    public ChunkReader Chunks() => new(this);

    private void Write(in Sample sample, uint duration)
    {
        var flags = (sample.IsSync ? Sync : 0) | (duration != _writtenDuration ? NewDuration : 0) | (sample.Offset != _writtenOffset ? NewOffset : 0);
        _samples.Add(((ulong)sample.Length << FlagBits) | flags);
        if ((flags & NewDuration) != 0) _samples.AddSigned((long)duration - _writtenDuration);
        if ((flags & NewOffset) != 0) _samples.AddSigned((long)sample.Offset - _writtenOffset);
        _writtenDuration = duration;
        _writtenOffset = sample.Offset;
    }

    /// <summary>Walks the samples from the first to the last.</summary>
    public struct SampleReader(SampleTable table)
    {
        private ByteLog.Reader _log = table._samples.Read();
        private int _read;
        private int _offset;
        private long _decode = table.Begin;

        /// <summary>How long the current sample lasts.</summary>
        public uint Duration { get; private set; }

        /// <summary>The current sample.</summary>
        public Sample Current { get; private set; }

        /// <summary>Goes to the next sample.</summary>
        public bool MoveNext()
        {
            if (_read == table.Count) return false;
            _decode = _read == 0 ? table.Begin : _decode + Duration;
            if (++_read == table.Count)
            {
                Current = table._last!.Value;
                Duration = table._lastDuration;
                return true;
            }

            var head = _log.Next();
            if ((head & NewDuration) != 0) Duration = (uint)(Duration + _log.NextSigned());
            if ((head & NewOffset) != 0) _offset = (int)(_offset + _log.NextSigned());
            Current = new Sample((int)(head >> FlagBits), _decode, _offset, (head & Sync) != 0);
            return true;
        }
    }

    /// <summary>Walks the chunks from the first to the last.</summary>
    public struct ChunkReader(SampleTable table)
    {
        private ByteLog.Reader _log = table._chunks.Read();
        private int _read;
        private long _end;

        /// <summary>Where the current chunk lies in the file.</summary>
        public long Position { get; private set; }

        /// <summary>How many samples it has.</summary>
        public int Samples { get; private set; }

        /// <summary>Goes to the next chunk.</summary>
        public bool MoveNext()
        {
            if (_read == table.ChunkCount) return false;
            _read++;
            Position = _end + _log.NextSigned();
            Samples = (int)_log.Next();
            _end = Position + (long)_log.Next();
            return true;
        }
    }
}
