using System.Text.Json;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Farm;

/// <summary>The cameras' configuration for a farm to look at: every camera in every cycle, half of them at once, so that one sees slots being given on.</summary>
internal static class FarmConfiguration
{
    private const int RecordSeconds = 10;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string For(IReadOnlyList<Camera> cameras)
    {
        var slots = Math.Max(1, (cameras.Count + 1) / 2);
        var document = new
        {
            global_config = new
            {
                total_poll_duration_seconds = (RecordSeconds * (cameras.Count + slots - 1) / slots) + 20,
                max_concurrent_streams = slots,
                output_directory = ".",
                report_filename = "rtsp_report.json",
                connection_timeout_seconds = 5,
                read_timeout_seconds = 5,
                poll_cycles = -1,
                cycle_interval_seconds = 5,
                max_sessions_per_host = 0, // one simulated host stands for all of them
            },
            streams = cameras.Select((camera, index) => new
            {
                rtsp_url = camera.Url,
                duration_seconds = RecordSeconds,
                weight = 1.0,
                output_filename = $"camera{index + 1}.mp4",
            }),
        };
        return JsonSerializer.Serialize(document, Indented);
    }
}
