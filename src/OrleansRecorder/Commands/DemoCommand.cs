using System.CommandLine;
using System.Net;
using System.Text.Json;
using OrleansRecorder.Cameras;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder demo</c>: simulated cameras and the recorder on them, in one process, until Ctrl+C.</summary>
internal static class DemoCommand
{
    private const int RecordSeconds = 10;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var cameras = new Option<int>("--cameras") { Description = "How many simulated cameras, 1 to 500.", DefaultValueFactory = _ => 4 };
        var output = new Option<string>("--output") { Description = "Where recordings go.", DefaultValueFactory = _ => "./output" };
        var port = new Option<int>("--port") { Description = "The port of the API.", DefaultValueFactory = _ => 8080 };
        var command = new Command("demo", "Starts simulated cameras and the recorder on them, and shows each cycle's progress.") { cameras, output, port };
        command.SetAction((parsed, stop) => Run(parsed.GetValue(cameras), parsed.GetValue(output)!, RunCommand.ValidPort(parsed.GetValue(port)), stop));
        return command;
    }

    private static async Task<int> Run(int count, string output, int port, CancellationToken stop)
    {
        if (count is < 1 or > 500)
        {
            throw new StartupException($"--cameras {count} 无效: 必须在 1 到 500 之间", $"--cameras {count} is not valid: it must be from 1 to 500");
        }

        var folder = Directory.CreateTempSubdirectory("recorder-demo-");
        try
        {
            Console.WriteLine($"Preparing {count} simulated cameras ...");
            await using var server = CameraServer.Start();
            var cameras = Enumerable.Range(1, count).Select(number => server.Add(new CameraOptions { Number = number })).ToArray();
            await server.PrepareAsync().WaitAsync(stop);

            var config = Path.Combine(folder.FullName, "config.json");
            await File.WriteAllTextAsync(config, Configuration(cameras, output), stop);
            var settings = new RunSettings
            {
                OutputDirectory = output,
                Port = port,
                Listen = IPAddress.Loopback,
                ConfigFile = config,
                StartScheduler = true,
                Quiet = true,
            };
            await using var host = await RecorderHost.Start(settings, stop);
            Console.WriteLine($"cameras  {cameras[0].Url}{(count > 1 ? $" ... {cameras[^1].Url}" : "")}");
            Console.WriteLine($"API      {host.Address}/api/tasks");
            Console.WriteLine($"console  {host.Address}/");
            Console.WriteLine("Ctrl+C ends the recorder and the cameras.");
            await new ProgressLine(host, TimeProvider.System).Show(stop);
            Console.WriteLine("Ending the captures and the cameras ...");
            // Its state goes with the demo, so that nobody would go on with this cycle: it is ended here, reports and all.
            await host.Cycle.Stop();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    // Half of the cameras at once, so that one sees slots being given on.
    private static string Configuration(Camera[] cameras, string output)
    {
        var slots = Math.Max(1, (cameras.Length + 1) / 2);
        var document = new
        {
            global_config = new
            {
                total_poll_duration_seconds = (RecordSeconds * (cameras.Length + slots - 1) / slots) + 10,
                max_concurrent_streams = slots,
                output_directory = output,
                report_filename = "rtsp_report.json",
                connection_timeout_seconds = 5,
                read_timeout_seconds = 5,
                poll_cycles = -1,
                cycle_interval_seconds = 5,
                max_sessions_per_host = 0, // all the simulated cameras are one host
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
