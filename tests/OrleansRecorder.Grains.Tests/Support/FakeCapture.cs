using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Support;

/// <summary>A capture that does what the test says: one millisecond of media is one byte.</summary>
internal sealed class FakeCapture(CaptureOrder order, IRecordingTarget target, FakeEngine engine) : ICapture
{
    private readonly TaskCompletionSource<CaptureResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private IRecordingFile? _file;
    private bool _isFinishing;
    private DateTimeOffset? _firstFrameAt;
    private volatile CaptureProgress _progress = new() { Identity = order.Identity, Status = CaptureStatus.Connecting };

    public CaptureOrder Order => order;

    public CaptureIdentity Identity => order.Identity;

    public CaptureProgress Progress => _progress;

    public Task<CaptureResult> Completion => _completion.Task;

    public bool IsEnded => _completion.Task.IsCompleted || IsDead;

    public bool IsDead { get; private set; }

    public CaptureCause? ToldToStop { get; private set; }

    /// <summary>Records all that the order asks for, and ends.</summary>
    public static void RecordAll(FakeCapture capture)
    {
        capture.Record(capture.Order.Duration.TotalSeconds);
        capture.Finish(CaptureCause.DurationReached);
    }

    /// <summary>Media arrives.</summary>
    public void Record(double seconds)
    {
        _file ??= target.CreatePart(order.FirstPart);
        _firstFrameAt ??= DateTimeOffset.UtcNow;
        _file.Stream.Write(new byte[(int)(seconds * 1000)]);
        _progress = _progress with
        {
            Status = CaptureStatus.Recording,
            Recorded = _progress.Recorded + TimeSpan.FromSeconds(seconds),
            Bytes = _progress.Bytes + (long)(seconds * 1000),
            Codec = "h264",
            FirstFrameAt = _firstFrameAt,
            FirstFrameMs = 100,
        };
    }

    public void Finish(CaptureCause cause, CaptureStatus? status = null)
    {
        if (IsEnded || Interlocked.Exchange(ref _isFinishing, true)) return;
        var parts = new List<RecordedPart>();
        if (_file is not null)
        {
            var part = new RecordedPart { Filename = _file.Filename, StartedAt = _firstFrameAt!.Value, Duration = _progress.Recorded, Size = _file.Stream.Length };
            _file.Complete(part);
            parts.Add(part with { Filename = _file.Filename });
        }

        _completion.TrySetResult(new CaptureResult
        {
            Identity = Identity,
            Cause = cause,
            Status = status ?? cause.Status(),
            Progress = _progress,
            Parts = [.. parts],
            StartedAt = _startedAt,
            EndedAt = DateTimeOffset.UtcNow,
        });
    }

    public void Stop(CaptureCause cause)
    {
        ToldToStop ??= cause;
        if (!engine.Hangs) Finish(cause);
    }

    /// <summary>The process is gone: the file stays as it was, and nobody is told anything.</summary>
    public void Die()
    {
        IsDead = true;
        _file?.Dispose();
    }
}
