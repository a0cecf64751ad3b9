using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Bench.Farm;

/// <summary>Captures that record nothing: each says that it records, for as long as it was ordered to, and ends. What is left is what steering them costs.</summary>
internal sealed class IdleCaptureEngine(TimeProvider time, SampleWriter samples) : ICaptureEngine
{
    public ICapture Start(CaptureOrder order, IRecordingTarget target)
    {
        samples.Begun(order);
        return new IdleCapture(order, time);
    }

    public ValueTask DisposeAsync() => default;

    private sealed class IdleCapture : ICapture
    {
        private const int BytesPerSecond = 125_000;
        private const int FramesPerSecond = 25;
        private static readonly TimeSpan Connecting = TimeSpan.FromMilliseconds(200);

        private readonly CaptureOrder _order;
        private readonly TimeProvider _time;
        private readonly DateTimeOffset _startedAt;
        private readonly long _start;
        private readonly TaskCompletionSource<CaptureCause> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IdleCapture(CaptureOrder order, TimeProvider time)
        {
            (_order, _time, _startedAt, _start) = (order, time, time.GetUtcNow(), time.GetTimestamp());
            Completion = Run();
        }

        public CaptureIdentity Identity => _order.Identity;

        public Task<CaptureResult> Completion { get; }

        public CaptureProgress Progress
        {
            get
            {
                var recorded = _time.GetElapsedTime(_start) - Connecting;
                if (recorded <= TimeSpan.Zero) return new CaptureProgress { Identity = Identity, Status = CaptureStatus.Connecting };
                if (recorded > _order.Duration) recorded = _order.Duration;
                return new CaptureProgress
                {
                    Identity = Identity,
                    Status = CaptureStatus.Recording,
                    Recorded = recorded,
                    Bytes = (long)(recorded.TotalSeconds * BytesPerSecond),
                    Frames = (long)(recorded.TotalSeconds * FramesPerSecond),
                    Codec = "h264",
                    Width = 1920,
                    Height = 1080,
                    FirstFrameMs = (int)Connecting.TotalMilliseconds,
                    FirstFrameAt = _startedAt + Connecting,
                    PartsBegun = 1,
                };
            }
        }

        public void Stop(CaptureCause cause) => _stopped.TrySetResult(cause);

        private async Task<CaptureResult> Run()
        {
            var (wanted, untilEnd) = (_order.Duration + Connecting, _order.Deadline - _startedAt);
            var length = wanted < untilEnd ? wanted : untilEnd;
            await Task.WhenAny(_stopped.Task, Task.Delay(length > TimeSpan.Zero ? length : TimeSpan.Zero, _time));
            var cause = _stopped.Task.IsCompleted ? await _stopped.Task : wanted <= untilEnd ? CaptureCause.DurationReached : CaptureCause.CycleEnded;
            var progress = Progress;
            return new CaptureResult
            {
                Identity = Identity,
                Cause = cause,
                Status = cause == CaptureCause.CycleEnded ? CaptureStatus.Completed : cause.Status(),
                Progress = progress,
                Parts = [new RecordedPart { Filename = _order.OutputFilename, StartedAt = _startedAt + Connecting, Duration = progress.Recorded, Size = progress.Bytes }],
                StartedAt = _startedAt,
                EndedAt = _time.GetUtcNow(),
            };
        }
    }
}
