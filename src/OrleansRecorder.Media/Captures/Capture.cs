using Microsoft.Extensions.Logging;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>One capture: a loop that supervises, around attempts that each make one connection and may fail.</summary>
internal sealed class Capture : ICapture
{
    // A source promises to end within 2 s of a stop. One that does not is left behind: it can no longer write.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2.2);

    // A disk that hangs is waited for, but not by somebody who has asked for the end.
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DiskPatienceOfStop = TimeSpan.FromSeconds(2.4);

    private readonly CaptureOrder _order;
    private readonly IRecordingTarget _target;
    private readonly MediaSourceFactory _sources;
    private readonly CaptureServices _services;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryPolicy _retries;
    private readonly CaptureState _state;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private CaptureCause? _stopCause;
    private long _stoppedAt;
    private int _connections;

    public Capture(CaptureOrder order, IRecordingTarget target, MediaSourceFactory sources, CaptureServices services, TimeProvider time, Func<double> random, ILogger logger)
    {
        _services = services;
        _order = order;
        _target = target;
        _sources = sources;
        _time = time;
        _logger = logger;
        _retries = new RetryPolicy(random);
        _state = new CaptureState(order, time);
        Completion = Task.Run(RunToResult);
    }

    /// <inheritdoc/>
    public CaptureIdentity Identity => _order.Identity;

    /// <inheritdoc/>
    public CaptureProgress Progress => Completion.IsCompletedSuccessfully ? Completion.Result.Progress : _state.Progress;

    /// <inheritdoc/>
    public Task<CaptureResult> Completion { get; }

    /// <inheritdoc/>
    public void Stop(CaptureCause cause)
    {
        lock (_lock)
        {
            if (_stopCause is not null) return;
            _stopCause = cause;
            _stoppedAt = _time.GetTimestamp();
        }

        // Not here: what waits for it must not run on the caller's turn.
        _ = _stop.CancelAsync();
    }

    private async Task<CaptureResult> RunToResult()
    {
        var name = StreamUrl.TryParse(_order.RtspUrl, out var url) ? url.WithoutCredentials : "";
        SourceEnd? last;
        try
        {
            last = url is null ? BadUrl() : await Supervise(url);
        }
        catch (Exception exception)
        {
            CaptureLog.Defect(_logger, exception, name);
            last = WriteFailure.Describe(exception) with { Cause = CaptureCause.Internal };
        }

        var (cause, status, message) = CaptureVerdict.Of(_stopCause, last, _state.Recorded, _order.Duration);
        _state.Enter(status);
        CaptureLog.Ended(_logger, name, cause, status, _state.Recorded.TotalSeconds, message.English);
        return new CaptureResult
        {
            Identity = _order.Identity,
            Cause = cause,
            Status = status,
            Message = message,
            Warnings = _state.Warnings,
            Progress = _state.Progress,
            Parts = _state.Parts,
            StartedAt = _state.StartedAt,
            EndedAt = _time.GetUtcNow(),
            Connections = Math.Max(1, _connections),
        };
    }

    private async Task<SourceEnd?> Supervise(StreamUrl url)
    {
        var untilDeadline = _order.Deadline - _time.GetUtcNow();
        if (untilDeadline <= TimeSpan.Zero) Stop(CaptureCause.CycleEnded);
        await using var deadline = _time.CreateTimer(_ => Stop(CaptureCause.CycleEnded), null, untilDeadline > TimeSpan.Zero ? untilDeadline : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        SourceEnd? last = null;
        while (MayConnect())
        {
            var before = _state.Recorded;
            var (end, hadMedia) = await Attempt(url);
            if (IsStopped && end.Cause is CaptureCause.Stopped or CaptureCause.DurationReached) return hadMedia ? null : last;
            last = end;
            var left = _order.Deadline - _time.GetUtcNow();
            if (_state.Recorded >= _order.Duration || _retries.Next(end, _state.Recorded - before, _state.WithoutMedia, left) is not { } pause) return last;
            CaptureLog.Retrying(_logger, url.WithoutCredentials, end.Cause, pause.TotalSeconds, end.Message.English);
            var another = _state.Announce() ? _target.MayBeginAnother(_stop.Token) : Task.CompletedTask;
            await UnlessStopped(Task.Delay(pause, _time, _stop.Token));
            await UnlessStopped(another);
        }

        return last;
    }

    // Asked each time, since after a standstill of the process a pause is over before anybody has had a turn to end the capture.
    private bool MayConnect()
    {
        if (!_target.MayConnect) Stop(CaptureCause.Interrupted);
        return !IsStopped;
    }

    private bool IsStopped => StoppedAt is not null;

    private long? StoppedAt
    {
        get
        {
            lock (_lock) return _stopCause is null ? null : _stoppedAt;
        }
    }

    private async Task<(SourceEnd End, bool HadMedia)> Attempt(StreamUrl url)
    {
        _connections++;
        _state.Enter(CaptureStatus.Connecting);
        var source = _sources(new SourceRequest(url, _order.ConnectionTimeout, _order.ReadTimeout, _order.KeyFrameTimeout) { AcceptsAnyCertificate = _order.AcceptsAnyCertificate, Ingest = _order.Ingest });
        var recorder = new AttemptRecorder(_state, _target, _services, _order.Duration - _state.Recorded, _order.KeyFrameTimeout, _time);
        var isLeftBehind = false;
        try
        {
            (var end, isLeftBehind) = await RunSource(source, recorder);
            var isClosed = await Closed(recorder.Close(StoppedAt, isLeftBehind));
            return (recorder.Failure ?? (isClosed ? end : new SourceEnd(CaptureCause.WriteFailed, CaptureWarnings.DiskHangs)), recorder.HasMedia);
        }
        finally
        {
            await Closed(recorder.Close(stoppedAt: null, isLeftBehind));
        }
    }

    // False when the disk hangs. Its threads go on with it; should it come back, the file still gets its name, else the recovery finds it.
    private async Task<bool> Closed(Task closing)
    {
        try
        {
            await closing.WaitAsync(DiskPatience, _time, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAny(closing, Task.Delay(LeftOf(DiskPatienceOfStop), _time));
        }
        catch (TimeoutException)
        {
            // Said in the result.
        }

        if (!closing.IsCompleted) CaptureLog.DiskHangs(_logger, _order.Identity.TaskId);
        return closing.IsCompleted;
    }

    private TimeSpan LeftOf(TimeSpan patience)
    {
        lock (_lock)
        {
            var left = patience - _time.GetElapsedTime(_stoppedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private async Task<(SourceEnd End, bool IsLeftBehind)> RunSource(IMediaSource source, AttemptRecorder recorder)
    {
        var running = source.Run(recorder, _stop.Token);
        try
        {
            return (await running.WaitAsync(_stop.Token), false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            var stopped = new SourceEnd(CaptureCause.Stopped, LocalizedText.Empty);
            try
            {
                return (await running.WaitAsync(StopPatience, _time), false);
            }
            catch (TimeoutException)
            {
                CaptureLog.LeftBehind(_logger, _order.Identity.TaskId);
                return (stopped, true);
            }
            catch (OperationCanceledException)
            {
                return (stopped, !running.IsCompleted);
            }
        }
    }

    private async Task UnlessStopped(Task wait)
    {
        try
        {
            await wait;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The loop sees the stop by itself.
        }
    }

    private static SourceEnd BadUrl() => new(CaptureCause.BadUrl,
        new LocalizedText("地址无法解析；请使用 rtsp://主机:端口/路径 的形式", "The address cannot be read. Write it as rtsp://host:port/path."));
}
