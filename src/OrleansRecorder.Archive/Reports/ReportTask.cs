using System.Text.Json.Serialization;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive.Reports;

/// <summary>A task in the reports: as the API shows it, and what is only known at the end.</summary>
internal sealed record ReportTask : TaskDocument
{
    /// <summary>A pause between two parts shorter than this is not one that anybody would miss a picture in.</summary>
    private const double ShortestGapSeconds = 0.1;

    private ReportTask(CycleTask task, CycleSnapshot cycle, DocumentStyle style) : base(task, cycle, style)
    {
        PlannedSeconds = Math.Round(task.PlannedSeconds, 3);
        PlannedOffsetSeconds = task.PlannedOffsetSeconds is { } offset ? Math.Round(offset, 3) : null;
        RecordedSeconds = Math.Round(task.RecordedSeconds, 3);
        BitRate = task.RecordedSeconds > 0 ? (long)Math.Round(task.Bytes * 8 / task.RecordedSeconds) : 0;
        FrameRate = task.RecordedSeconds > 0 ? Math.Round(task.Frames / task.RecordedSeconds, 2) : 0;
        Connections = task.Connections;
        Cause = task.Cause is { } cause ? JsonName(cause.ToString()) : null;
        Parts = [.. task.Parts.Select(part => new ReportPart(part.Filename, style.Time(part.StartedAt), Math.Round(part.Duration.TotalSeconds, 3), part.Size))];
        Gaps = [.. FindGaps(task, style)];
        GapSeconds = Math.Round(Gaps.Sum(gap => gap.Seconds), 3);
    }

    /// <summary>What the plan gave it.</summary>
    [JsonPropertyName("planned_seconds")] public double PlannedSeconds { get; }

    /// <summary>From the cycle's start; null without a place in the plan.</summary>
    [JsonPropertyName("planned_offset_seconds")] public double? PlannedOffsetSeconds { get; }

    /// <summary>To the millisecond.</summary>
    [JsonPropertyName("recorded_seconds")] public double RecordedSeconds { get; }

    /// <summary>Bits a second over what was recorded; 0 when nothing was.</summary>
    [JsonPropertyName("bit_rate")] public long BitRate { get; }

    /// <summary>Frames a second over what was recorded; 0 when nothing was.</summary>
    [JsonPropertyName("frame_rate")] public double FrameRate { get; }

    /// <summary>Between the end of one part and the first key frame of the next.</summary>
    [JsonPropertyName("gaps")] public ReportGap[] Gaps { get; }

    /// <summary>Their sum.</summary>
    [JsonPropertyName("gap_seconds")] public double GapSeconds { get; }

    /// <summary>How often it connected.</summary>
    [JsonPropertyName("connections")] public int Connections { get; }

    /// <summary>Why it ended, such as <c>duration_reached</c>; null when it did not.</summary>
    [JsonPropertyName("cause")] public string? Cause { get; }

    /// <summary>The files.</summary>
    [JsonPropertyName("parts")] public ReportPart[] Parts { get; }

    /// <summary>A task at the end of its cycle.</summary>
    public static new ReportTask From(CycleTask task, CycleSnapshot cycle, DocumentStyle style) =>
        // The address comes without credentials; should that ever fail, a file that people pass on must not be where it shows.
        new(StreamUrl.TryParse(task.RtspUrl, out var url) ? task with { RtspUrl = url.WithoutCredentials } : task, cycle, style);

    private static IEnumerable<ReportGap> FindGaps(CycleTask task, DocumentStyle style)
    {
        foreach (var (part, next) in task.Parts.Zip(task.Parts.Skip(1)))
        {
            var end = part.StartedAt + part.Duration;
            var seconds = (next.StartedAt - end).TotalSeconds;
            if (seconds >= ShortestGapSeconds) yield return new ReportGap(style.Time(end), style.Time(next.StartedAt), Math.Round(seconds, 3));
        }
    }

    private static string JsonName(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>A file of a task.</summary>
internal sealed record ReportPart(
    [property: JsonPropertyName("filename")] string Filename,
    [property: JsonPropertyName("start_time")] string StartTime,
    [property: JsonPropertyName("duration_seconds")] double DurationSeconds,
    [property: JsonPropertyName("size")] long Size);

/// <summary>A time in which nothing was recorded.</summary>
internal sealed record ReportGap(
    [property: JsonPropertyName("start_time")] string StartTime,
    [property: JsonPropertyName("end_time")] string EndTime,
    [property: JsonPropertyName("seconds")] double Seconds);
