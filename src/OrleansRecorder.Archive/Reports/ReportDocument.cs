using System.Text.Json.Serialization;
using OrleansRecorder.Archive.Names;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive.Reports;

/// <summary>A cycle's report: what the JSON file holds, and what the other two are written from.</summary>
internal sealed record ReportDocument(
    [property: JsonPropertyName("cycle")] ReportCycle Cycle,
    [property: JsonPropertyName("settings")] ReportSettings Settings,
    [property: JsonPropertyName("statistics")] ReportStatistics Statistics,
    [property: JsonPropertyName("tasks")] ReportTask[] Tasks)
{
    /// <summary>In Chinese and local time unless the style says otherwise.</summary>
    public static ReportDocument From(CycleReport report, DocumentStyle style)
    {
        var cycle = report.Cycle;
        ReportTask[] tasks = [.. cycle.Tasks.Select(task => ReportTask.From(task, cycle, style))];
        return new ReportDocument(
            new ReportCycle(cycle.Cycle, cycle.CycleDirectory, style.Time(cycle.CycleStartedAt), style.Time(cycle.CycleEndedAt),
                Math.Round(cycle.ElapsedSeconds, 3), [.. report.Notes.Select(style.Message)]),
            new ReportSettings(cycle.TotalSeconds, report.MaxConcurrentStreams, cycle.OutputDirectory, ReportName.JsonFor(report.ReportFilename),
                report.ConnectionTimeoutSeconds, report.ReadTimeoutSeconds, report.PollCycles, report.CycleIntervalSeconds),
            new ReportStatistics(cycle.Statistics.Total, cycle.Statistics.Completed, cycle.Statistics.Failed, cycle.Statistics.Cancelled,
                cycle.Statistics.MaxConcurrentUsed, Math.Round(cycle.Statistics.CompletionRate, 4),
                Math.Round(tasks.Sum(t => t.RecordedSeconds), 3), tasks.Sum(t => t.BytesReceived), tasks.Sum(t => t.FramesReceived), tasks.Sum(t => t.Parts.Length)),
            tasks);
    }
}

/// <summary>The cycle as a whole.</summary>
internal sealed record ReportCycle(
    [property: JsonPropertyName("number")] long Number,
    [property: JsonPropertyName("directory")] string Directory,
    [property: JsonPropertyName("start_time")] string StartTime,
    [property: JsonPropertyName("end_time")] string EndTime,
    [property: JsonPropertyName("elapsed_seconds")] double ElapsedSeconds,
    [property: JsonPropertyName("notes")] string[] Notes);

/// <summary>The configuration that the cycle ran with.</summary>
internal sealed record ReportSettings(
    [property: JsonPropertyName("total_poll_duration_seconds")] double TotalPollDurationSeconds,
    [property: JsonPropertyName("max_concurrent_streams")] int MaxConcurrentStreams,
    [property: JsonPropertyName("output_directory")] string OutputDirectory,
    [property: JsonPropertyName("report_filename")] string ReportFilename,
    [property: JsonPropertyName("connection_timeout_seconds")] double ConnectionTimeoutSeconds,
    [property: JsonPropertyName("read_timeout_seconds")] double ReadTimeoutSeconds,
    [property: JsonPropertyName("poll_cycles")] int PollCycles,
    [property: JsonPropertyName("cycle_interval_seconds")] double CycleIntervalSeconds);

/// <summary>Counts over the tasks.</summary>
internal sealed record ReportStatistics(
    [property: JsonPropertyName("total_tasks")] int TotalTasks,
    [property: JsonPropertyName("completed_tasks")] int CompletedTasks,
    [property: JsonPropertyName("failed_tasks")] int FailedTasks,
    [property: JsonPropertyName("cancelled_tasks")] int CancelledTasks,
    [property: JsonPropertyName("max_concurrent_used")] int MaxConcurrentUsed,
    [property: JsonPropertyName("completion_rate")] double CompletionRate,
    [property: JsonPropertyName("recorded_seconds")] double RecordedSeconds,
    [property: JsonPropertyName("bytes_received")] long BytesReceived,
    [property: JsonPropertyName("frames_received")] long FramesReceived,
    [property: JsonPropertyName("file_count")] int FileCount);
