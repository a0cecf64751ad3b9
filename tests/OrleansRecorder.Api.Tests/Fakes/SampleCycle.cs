using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Fakes;

/// <summary>Cycles to show.</summary>
internal static class SampleCycle
{
    /// <summary>25 s into a cycle of 60 s: one task done, one recording, one without a place in the plan.</summary>
    public static CycleSnapshot Running { get; } = new()
    {
        IsRunning = true,
        StartedAt = new DateTimeOffset(2025, 10, 11, 6, 47, 8, TimeSpan.Zero),
        Cycle = 4,
        CycleDirectory = "20251011_144708",
        OutputDirectory = "./output",
        CycleStartedAt = new DateTimeOffset(2025, 10, 11, 6, 47, 8, TimeSpan.Zero),
        TotalSeconds = 60,
        ElapsedSeconds = 25.4,
        Version = 1,
        Statistics = new CycleStatistics { Total = 3, Completed = 1, Cancelled = 1, MaxConcurrentUsed = 2 },
        Tasks =
        [
            new CycleTask
            {
                TaskId = 0, StreamIndex = 0, RtspUrl = "rtsp://example.com/stream1", OutputFilename = "test_stream1.mp4", DurationSeconds = 15, PlannedSeconds = 15, PlannedOffsetSeconds = 0,
                Status = CaptureStatus.Completed, StartedAt = new DateTimeOffset(2025, 10, 11, 6, 47, 8, TimeSpan.Zero), EndedAt = new DateTimeOffset(2025, 10, 11, 6, 47, 23, TimeSpan.Zero),
                RecordedSeconds = 15, Bytes = 1024000, Frames = 375, Node = "node-1", Attempt = 1, Codec = "h264", Width = 1920, Height = 1080, FirstFrameMs = 310,
            },
            new CycleTask
            {
                TaskId = 1, StreamIndex = 1, RtspUrl = "rtsp://example.com/stream2", OutputFilename = "test_stream2.mp4", DurationSeconds = 20, PlannedSeconds = 20, PlannedOffsetSeconds = 5,
                Status = CaptureStatus.Recording, StartedAt = new DateTimeOffset(2025, 10, 11, 6, 47, 13, TimeSpan.Zero), RecordedSeconds = 12, Bytes = 512000, Frames = 150, Node = "node-1", Attempt = 1,
            },
            new CycleTask
            {
                TaskId = 2, StreamIndex = 2, RtspUrl = "rtsp://example.com/stream3", OutputFilename = "test_stream3.mp4", DurationSeconds = 20, PlannedSeconds = 0,
                Status = CaptureStatus.Cancelled, Message = new LocalizedText("本轮没有位置", "the cycle has no place for it"),
            },
        ],
    };

    /// <summary>The same with one task changed.</summary>
    public static CycleSnapshot With(this CycleSnapshot cycle, int task, Func<CycleTask, CycleTask> change) =>
        cycle with { Tasks = [.. cycle.Tasks.Select(t => t.TaskId == task ? change(t) : t)] };
}
