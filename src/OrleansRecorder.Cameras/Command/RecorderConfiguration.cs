using System.Text.Json;

namespace OrleansRecorder.Cameras.Command;

/// <summary>Writes a recorder's configuration with every camera in it.</summary>
internal static class RecorderConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task Write(string path, IReadOnlyList<Camera> cameras, CancellationToken cancellation)
    {
        var document = new
        {
            global_config = new
            {
                total_poll_duration_seconds = 60,
                max_concurrent_streams = cameras.Count,
                output_directory = "./output",
                report_filename = "rtsp_report.json",
                connection_timeout_seconds = 10,
                read_timeout_seconds = 10,
                poll_cycles = -1,
                cycle_interval_seconds = 0,
                max_sessions_per_host = 0 // all the simulated cameras are one host
            },
            streams = cameras.Select(c => new { rtsp_url = c.Url, duration_seconds = 20, weight = 1, output_filename = $"camera{c.Number}.mp4" })
        };
        var text = JsonSerializer.Serialize(document, Indented);

        // The addresses hold passwords: the file is the owner's alone, and there is never half of it.
        var aside = path + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(aside, options))
        {
            await writer.WriteLineAsync(text.AsMemory(), cancellation);
        }

        File.Move(aside, path, overwrite: true);
    }
}
