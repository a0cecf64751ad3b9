using System.Text.Json.Serialization;
using OrleansRecorder.Archive;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>A task as the API and the reports write it in JSON. The names and values are the HTTP contract.</summary>
public record TaskDocument
{
    /// <summary>A task as it is, for this reader.</summary>
    protected TaskDocument(CycleTask task, CycleSnapshot cycle, DocumentStyle style)
    {
        TaskId = task.TaskId;
        StreamIndex = task.StreamIndex;
        RtspUrl = task.RtspUrl;
        OutputFile = ArchivePath.FullPath(cycle.OutputDirectory, cycle.CycleDirectory, task.OutputFilename);
        DurationSeconds = task.DurationSeconds;
        Status = (int)task.Status;
        StatusText = task.Status.Text().Chinese;
        StatusName = task.Status.Name().Chinese;
        StartTime = style.Time(task.StartedAt);
        EndTime = style.Time(task.EndedAt);
        Progress = (long)Math.Round(task.RecordedSeconds, MidpointRounding.AwayFromZero);
        BytesReceived = task.Bytes;
        FramesReceived = task.Frames;
        ErrorMessage = style.Message(task.Message);
        Node = task.Node;
        Attempt = task.Attempt;
        Codec = task.Codec;
        Width = task.Width;
        Height = task.Height;
        FirstFrameMs = task.FirstFrameMs;
        Warnings = [.. task.Warnings.Select(style.Message)];
    }

    /// <summary>From 0.</summary>
    [JsonPropertyName("task_id"), JsonPropertyOrder(-21)] public int TaskId { get; }

    /// <summary>From 0.</summary>
    [JsonPropertyName("stream_index"), JsonPropertyOrder(-20)] public int StreamIndex { get; }

    /// <summary>Without credentials.</summary>
    [JsonPropertyName("rtsp_url"), JsonPropertyOrder(-19)] public string RtspUrl { get; }

    /// <summary>The first file of the task, as <see cref="ArchivePath.FullPath(string, string, string)"/> writes it.</summary>
    [JsonPropertyName("output_file"), JsonPropertyOrder(-18)] public string OutputFile { get; }

    /// <summary>What the configuration asks for.</summary>
    [JsonPropertyName("duration_seconds"), JsonPropertyOrder(-17)] public double DurationSeconds { get; }

    /// <summary>The number of the <see cref="CaptureStatus"/>.</summary>
    [JsonPropertyName("status"), JsonPropertyOrder(-16)] public int Status { get; }

    /// <summary>The same under the name that other clients read.</summary>
    [JsonPropertyName("status_code"), JsonPropertyOrder(-15)] public int StatusCode => Status;

    /// <summary>In Chinese whatever the language.</summary>
    [JsonPropertyName("status_text"), JsonPropertyOrder(-14)] public string StatusText { get; }

    /// <summary>In Chinese whatever the language.</summary>
    [JsonPropertyName("status_name"), JsonPropertyOrder(-13)] public string StatusName { get; }

    /// <summary>When it began to connect.</summary>
    [JsonPropertyName("start_time"), JsonPropertyOrder(-12)] public string StartTime { get; }

    /// <summary>When it ended.</summary>
    [JsonPropertyName("end_time"), JsonPropertyOrder(-11)] public string EndTime { get; }

    /// <summary>Seconds recorded, to the nearest whole one.</summary>
    [JsonPropertyName("progress"), JsonPropertyOrder(-10)] public long Progress { get; }

    /// <summary>Media bytes.</summary>
    [JsonPropertyName("bytes_received"), JsonPropertyOrder(-9)] public long BytesReceived { get; }

    /// <summary>Video frames.</summary>
    [JsonPropertyName("frames_received"), JsonPropertyOrder(-8)] public long FramesReceived { get; }

    /// <summary>In the reader's language; "" when nothing is wrong.</summary>
    [JsonPropertyName("error_message"), JsonPropertyOrder(-7)] public string ErrorMessage { get; }

    /// <summary>The node that records or recorded it, or "".</summary>
    [JsonPropertyName("node"), JsonPropertyOrder(-6)] public string Node { get; }

    /// <summary>From 1; 0 before the first.</summary>
    [JsonPropertyName("attempt"), JsonPropertyOrder(-5)] public int Attempt { get; }

    /// <summary>FFmpeg's short name of the video codec, or "".</summary>
    [JsonPropertyName("codec"), JsonPropertyOrder(-4)] public string Codec { get; }

    /// <summary>Pixels; 0 when unknown.</summary>
    [JsonPropertyName("width"), JsonPropertyOrder(-3)] public int Width { get; }

    /// <summary>Pixels; 0 when unknown.</summary>
    [JsonPropertyName("height"), JsonPropertyOrder(-2)] public int Height { get; }

    /// <summary>Milliseconds to the first key frame; null before it.</summary>
    [JsonPropertyName("first_frame_ms"), JsonPropertyOrder(-1)] public int? FirstFrameMs { get; }

    /// <summary>What was recorded although something else was not, such as sound that had to be left out; in the reader's language.</summary>
    [JsonPropertyName("warnings")] public string[] Warnings { get; }

    /// <summary>A task as it is, for this reader.</summary>
    public static TaskDocument From(CycleTask task, CycleSnapshot cycle, DocumentStyle style) => new(task, cycle, style);
}
