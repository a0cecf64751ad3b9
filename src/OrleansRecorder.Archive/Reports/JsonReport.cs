using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Archive.Reports;

/// <summary>The JSON report: written for programs, and read again after a restart for what the disk does not say of a recording.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(ReportDocument report) => JsonSerializer.SerializeToUtf8Bytes(report, Options);

    /// <summary>What a report tells of its cycle's recordings, by file name. Throws <see cref="JsonException"/> when it is no report of ours.</summary>
    public static Dictionary<string, RecordingFacts> ReadFacts(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var facts = new Dictionary<string, RecordingFacts>(StringComparer.Ordinal);
        try
        {
            foreach (var task in document.RootElement.GetProperty("tasks").EnumerateArray())
            {
                var url = task.GetProperty("rtsp_url").GetString();
                var status = task.GetProperty("status_code").GetInt32();
                foreach (var part in task.GetProperty("parts").EnumerateArray())
                {
                    var filename = part.GetProperty("filename").GetString();
                    if (filename is null) continue;
                    facts[filename] = new RecordingFacts(part.GetProperty("size").GetInt64(), part.GetProperty("duration_seconds").GetDouble(), Shown(url), status);
                }
            }
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException(exception.Message, exception);
        }

        return facts;
    }

    /// <summary>The same of a report that is about to be written.</summary>
    public static Dictionary<string, RecordingFacts> Facts(ReportDocument report)
    {
        var facts = new Dictionary<string, RecordingFacts>(StringComparer.Ordinal);
        foreach (var task in report.Tasks)
        {
            foreach (var part in task.Parts) facts[part.Filename] = new RecordingFacts(part.Size, part.DurationSeconds, task.RtspUrl, task.StatusCode);
        }

        return facts;
    }

    private static string? Shown(string? url) => url is not null && StreamUrl.TryParse(url, out var parsed) ? parsed.WithoutCredentials : null;
}
