using System.Text.Json.Serialization;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Videos;

/// <summary>A finished recording as the lists show it.</summary>
public sealed record VideoDocument
{
    /// <summary>The bare file name.</summary>
    public required string Filename { get; init; }

    /// <summary>What GET and DELETE /api/video take as <c>path</c>.</summary>
    public required string FullPath { get; init; }

    /// <summary>The cycle directory's name.</summary>
    public required string TimestampDir { get; init; }

    /// <summary>Bytes.</summary>
    public required long FileSize { get; init; }

    /// <summary>Local time, <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
    public required string CreatedTime { get; init; }

    /// <summary>The last run of digits in the file name, or "".</summary>
    public required string StreamIndex { get; init; }

    /// <summary>The node that has the file.</summary>
    public required string Node { get; init; }

    /// <summary>Length of its media, when known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? DurationSeconds { get; init; }

    /// <summary>The stream's address without credentials, when known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? RtspUrl { get; init; }

    /// <summary>How its task ended, when known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? StatusCode { get; init; }

    internal static VideoDocument From(Recording recording, string node, string outputDirectory, DocumentStyle style) => new()
    {
        Filename = recording.Filename,
        FullPath = ArchivePath.FullPath(outputDirectory, recording.Timestamp, recording.Filename),
        TimestampDir = recording.Timestamp,
        FileSize = recording.Size,
        CreatedTime = style.Time(recording.CreatedAt),
        StreamIndex = IndexIn(recording.Filename),
        Node = node,
        DurationSeconds = recording.DurationSeconds is { } seconds ? Math.Round(seconds, 3) : null,
        RtspUrl = recording.RtspUrl,
        StatusCode = recording.StatusCode,
    };

    /// <summary>The digits that name the stream: neither those of ".mp4" nor those of ".part2".</summary>
    internal static string IndexIn(string filename)
    {
        var name = Path.GetFileNameWithoutExtension(filename.AsSpan());
        var part = name.LastIndexOf(".part", StringComparison.OrdinalIgnoreCase);
        if (part >= 0 && part + 5 < name.Length && name[(part + 5)..].IndexOfAnyExceptInRange('0', '9') < 0) name = name[..part];

        var last = name.LastIndexOfAnyInRange('0', '9');
        if (last < 0) return "";
        var before = name[..last].LastIndexOfAnyExceptInRange('0', '9');
        return name[(before + 1)..(last + 1)].ToString();
    }
}
