using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Api;
using OrleansRecorder.Archive;
using OrleansRecorder.Configuration;
using OrleansRecorder.Farm;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Bench;

/// <summary>The hosts that <c>bench downloads</c> measures: a node, an API, or both in one.</summary>
internal static class DownloadWorker
{
    private const string Node = "bench";

    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var port = new Argument<int>("port");
        var command = new Command("node", "Serves a folder's archive until its input ends; started by the other commands.") { folder, port };
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            await using var node = BuildNode(parsed.GetValue(folder)!, parsed.GetValue(port), withApi: false);
            await node.StartAsync(stop);
            Console.WriteLine("started");
            await Console.In.ReadLineAsync(stop);
            await node.StopAsync(stop);
            return 0;
        });
        return command;
    }

    public static WebApplication BuildNode(string folder, int gatewayPort, bool withApi)
    {
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, JsonSerializer.Serialize(new
        {
            global_config = new
            {
                total_poll_duration_seconds = 60, max_concurrent_streams = 1, output_directory = "output", report_filename = "rtsp_report.json",
                connection_timeout_seconds = 5, read_timeout_seconds = 5, poll_cycles = 1, cycle_interval_seconds = 0,
            },
            streams = new[] { new { rtsp_url = "rtsp://127.0.0.1:9/none", duration_seconds = 20, weight = 1, output_filename = "none.mp4" } },
        }));
        var builder = NewBuilder();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePorts.Find(1)[0], gatewayPort, serviceId: Node, clusterId: Node);
            silo.AddMemoryGrainStorageAsDefault();
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton<ICaptureEngine>(services =>
                new CaptureEngine(TimeProvider.System, Random.Shared.NextDouble, services.GetRequiredService<ILogger<CaptureEngine>>()));
            silo.Services.AddSingleton(new NodeArchivesOptions { BaseDirectory = folder });
            silo.Services.Configure<ConfigOptions>(options => options.FilePath = config);
            silo.AddRecorderGrains(node => node.Name = Node);
        });
        return Build(builder, withApi);
    }

    public static WebApplication BuildApi(int gatewayPort)
    {
        var builder = NewBuilder();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort, serviceId: Node, clusterId: Node));
        return Build(builder, withApi: true);
    }

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static WebApplication Build(WebApplicationBuilder builder, bool withApi)
    {
        if (withApi) builder.Services.AddRecorderApi(api => api.NodeNames = [Node]);
        var app = builder.Build();
        if (withApi) app.MapRecorderApi();
        return app;
    }
}
