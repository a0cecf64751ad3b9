using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Threads;

namespace OrleansRecorder.Media.Sound;

/// <summary>What becomes of sound that is encoded; called on the encoder's threads, one call at a time.</summary>
internal interface IEncodedSoundSink
{
    /// <summary>Encoded frames; their format is known when the first ones come.</summary>
    void OnEncoded(AudioFormat format, EncodedFrames frames);

    /// <summary>The sound cannot be encoded, or no longer. Nothing comes after this.</summary>
    void OnEncodingFailed();
}

/// <summary>
/// The sound of one connection on its way through the encoder, which has threads of its own: packets are gathered, encoded some fifth of a second at a time,
/// and come out as AAC a moment later. Codecs are opened and closed there too.
/// </summary>
internal sealed class SoundEncoding(MediaTrack track, WorkThreads threads, IEncodedSoundSink sink) : IWorker
{
    // Some seconds of the fattest sound there is: more waits only when the machine cannot do it.
    private const int MaxWaiting = 1 << 20;
    private const int FullBatch = 8 << 10;
    private static readonly TimeSpan LongBatch = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FarBehind = TimeSpan.FromSeconds(1);
    private readonly object _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EncodedFrames _frames = new();
    private PacketBatch _waiting = new();
    private PacketBatch _atWork = new();
    private AacTranscoder? _transcoder;
    private AudioTimes? _times;
    private bool _hasBegun;
    private bool _isScheduled;
    private bool _isEnding;
    private bool _hasFailed;

    /// <summary>Takes a packet whose first sample lies at a moment since the connection began. False when too much waits: the packet is dropped. What comes after the end is too, and nobody misses it.</summary>
    public bool Take(ReadOnlySpan<byte> data, TimeSpan moment, bool mustAlign)
    {
        lock (_lock)
        {
            if (_isEnding || _hasFailed) return true;
            if (_waiting.Length + data.Length > MaxWaiting) return false;
            _waiting.Add(data, moment, mustAlign);
            // The first one at once: a file's header waits for the encoder's word.
            if (!_hasBegun || _waiting.Length >= FullBatch || _waiting.Span >= LongBatch) ScheduleNeedsLock();
            _hasBegun = true;
            return true;
        }
    }

    /// <summary>Blocks while more than a second waits, at most for so long without a step. For sources that can be held up: files and playlists.</summary>
    public void WaitForRoom(TimeSpan patience)
    {
        lock (_lock)
        {
            while (_waiting.Span > FarBehind && !_isEnding && !_hasFailed)
            {
                if (!Monitor.Wait(_lock, patience)) return;
            }
        }
    }

    /// <summary>Encodes what is left and frees the codecs; complete when the last frame has come out. Idempotent.</summary>
    public Task End()
    {
        lock (_lock)
        {
            _isEnding = true;
            ScheduleNeedsLock();
        }

        return _ended.Task;
    }

    /// <inheritdoc/>
    public void Step()
    {
        bool isEnd;
        lock (_lock)
        {
            (_atWork, _waiting) = (_waiting, _atWork);
            isEnd = _isEnding;
        }

        try
        {
            if (!_hasFailed && !_ended.Task.IsCompleted) Encode(isEnd);
        }
        catch (Exception)
        {
            // FFmpeg refuses, or a defect: the picture goes on without sound, and the result says so.
            lock (_lock) _hasFailed = true;
            sink.OnEncodingFailed();
        }
        finally
        {
            if (isEnd || _hasFailed) Free();
            lock (_lock)
            {
                _isScheduled = false;
                // What came meanwhile found it scheduled already.
                if (!_hasFailed && ((_isEnding && !isEnd) || _waiting.Span >= LongBatch || _waiting.Length >= FullBatch)) ScheduleNeedsLock();
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Encode(bool isEnd)
    {
        if (_transcoder is null && _atWork.Length > 0)
        {
            _transcoder = new AacTranscoder(track);
            _times = new AudioTimes(_transcoder.Format.SampleRate);
        }

        if (_transcoder is null) return;
        _atWork.MoveTo(Convert);
        if (isEnd) _transcoder.Drain(_frames.Add);
        sink.OnEncoded(_transcoder.Format, _frames);
    }

    private void Convert(ReadOnlySpan<byte> data, TimeSpan moment, bool mustAlign)
    {
        var claimed = (long)(moment.TotalSeconds * _transcoder!.Format.SampleRate);
        if (mustAlign) _times!.Align();
        _transcoder.Convert(data, count => _times!.Place(claimed, count), _frames.Add);
    }

    private void Free()
    {
        _transcoder?.Dispose();
        _transcoder = null;
        _ended.TrySetResult();
    }

    private void ScheduleNeedsLock()
    {
        if (_isScheduled) return;
        _isScheduled = true;
        threads.Schedule(this);
    }
}
