using System.Text.Json;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>Configurations for test farms.</summary>
internal static class FarmConfig
{
    /// <summary>Each camera into <c>cameraN.mp4</c>, N from 1; below each node's own directory.</summary>
    /// <param name="urls">The cameras.</param>
    /// <param name="total">The cycle's length in seconds.</param>
    /// <param name="concurrent">K.</param>
    /// <param name="duration">Of each recording in seconds.</param>
    /// <param name="cycles">-1: for ever.</param>
    /// <param name="interval">Seconds from a cycle's end to the next one's start.</param>
    public static string Of(IReadOnlyList<string> urls, int total = 60, int concurrent = 4, double duration = 8, int cycles = 1, double interval = 1) =>
        JsonSerializer.Serialize(new
        {
            global_config = new
            {
                total_poll_duration_seconds = total,
                max_concurrent_streams = concurrent,
                output_directory = ".",
                report_filename = "rtsp_report.json",
                connection_timeout_seconds = 5,
                read_timeout_seconds = 5,
                poll_cycles = cycles,
                cycle_interval_seconds = interval,
                max_sessions_per_host = 0, // one simulated host stands for all of them
            },
            streams = urls.Select((url, n) => new { rtsp_url = url, duration_seconds = duration, weight = 1.0, output_filename = $"camera{n + 1}.mp4" }),
        });
}
