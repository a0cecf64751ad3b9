using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive.Tests.Reports;

/// <summary>A cycle with a stream that was recorded in two parts, one that failed, and one that found no place.</summary>
internal static class SampleCycle
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public static CycleTask Recorded { get; } = new()
    {
        TaskId = 0,
        StreamIndex = 0,
        RtspUrl = "rtsp://cam1/live",
        OutputFilename = "cam1.mp4",
        DurationSeconds = 20,
        PlannedSeconds = 20,
        PlannedOffsetSeconds = 0,
        Status = CaptureStatus.Completed,
        Cause = CaptureCause.DurationReached,
        StartedAt = Start,
        EndedAt = Start.AddSeconds(23),
        RecordedSeconds = 19.96,
        Bytes = 2_495_000,
        Frames = 499,
        Node = "node-a",
        Attempt = 1,
        Codec = "h264",
        Width = 1920,
        Height = 1080,
        FirstFrameMs = 420,
        Connections = 2,
        Parts =
        [
            new RecordedPart { Filename = "cam1.mp4", StartedAt = Start.AddSeconds(1), Duration = TimeSpan.FromSeconds(10), Size = 5 },
            new RecordedPart { Filename = "cam1.part2.mp4", StartedAt = Start.AddSeconds(13.25), Duration = TimeSpan.FromSeconds(9.96), Size = 7 },
        ],
        Warnings = [new LocalizedText("音频无法保存", "the audio could not be stored")],
    };

    public static CycleTask Failed { get; } = new()
    {
        TaskId = 1,
        StreamIndex = 1,
        RtspUrl = "rtsp://admin:p@ss,word@摄像头二号/live?a=1",
        OutputFilename = "=cmd|' /C calc'!A0.mp4",
        DurationSeconds = 15.5,
        PlannedSeconds = 15.5,
        PlannedOffsetSeconds = 2.25,
        Status = CaptureStatus.ConnectionError,
        Cause = CaptureCause.Refused,
        StartedAt = Start.AddSeconds(2),
        EndedAt = Start.AddSeconds(40),
        Node = "=HYPERLINK(\"http://evil\")",
        Message = new LocalizedText("连接被拒绝, \"10.0.0.1\"\n第二行", "connection refused"),
        Attempt = 3,
    };

    public static CycleTask Waiting { get; } = new()
    {
        TaskId = 2,
        StreamIndex = 2,
        RtspUrl = "rtsp://cam3/live",
        OutputFilename = "cam3.mp4",
        DurationSeconds = 15,
        PlannedSeconds = 0,
        Status = CaptureStatus.Waiting,
    };

    public static CycleReport Report(params CycleTask[] tasks) => new()
    {
        ReportFilename = "rtsp_report.json",
        MaxConcurrentStreams = 2,
        ConnectionTimeoutSeconds = 3,
        ReadTimeoutSeconds = 5,
        PollCycles = -1,
        CycleIntervalSeconds = 30,
        Notes = [new LocalizedText("恢复后继续", "resumed")],
        Cycle = new CycleSnapshot
        {
            IsRunning = true,
            Cycle = 7,
            CycleDirectory = ArchiveFixture.Cycle,
            OutputDirectory = ArchiveFixture.Configured,
            CycleStartedAt = Start,
            CycleEndedAt = Start.AddSeconds(60),
            TotalSeconds = 60,
            ElapsedSeconds = 60,
            Tasks = tasks,
            Statistics = new CycleStatistics { Total = tasks.Length, Completed = 1, Failed = 1, Cancelled = 0, MaxConcurrentUsed = 2 },
        },
    };
}
