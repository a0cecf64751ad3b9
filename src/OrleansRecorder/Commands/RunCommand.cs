using System.CommandLine;
using System.Net;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder run [output_dir] [port]</c>: everything in one process, state in SQLite.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var output = new Argument<string?>("output_dir") { Description = "Where recordings go, instead of the configured output_directory.", Arity = ArgumentArity.ZeroOrOne };
        var port = new Argument<int>("port") { Description = "The port of the API.", DefaultValueFactory = _ => 8080, Arity = ArgumentArity.ZeroOrOne };
        var config = new Option<string>("--config") { Description = "The configuration file.", DefaultValueFactory = _ => "config.json" };
        var listen = new Option<string>("--listen") { Description = "The address that the API listens on.", DefaultValueFactory = _ => "0.0.0.0" };
        var start = new Option<bool>("--start") { Description = "Start the scheduler at once." };
        var state = new Option<string?>("--state") { Description = "Where the scheduler keeps its state; default .recorder beside the configuration file." };
        var node = new Option<string?>("--node") { Description = "This node's name; default the machine's." };

        var schemes = SchemesOption();

        var command = new Command("run", "Runs the recorder and its API in this process.") { output, port, config, listen, start, state, node, schemes };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = new RunSettings
            {
                OutputDirectory = parsed.GetValue(output),
                Port = ValidPort(parsed.GetValue(port)),
                ConfigFile = parsed.GetValue(config)!,
                Listen = ValidAddress(parsed.GetValue(listen)!),
                StartScheduler = parsed.GetValue(start),
                AllowedSchemes = parsed.GetValue(schemes)!,
                StateDirectory = parsed.GetValue(state),
                NodeName = parsed.GetValue(node) ?? Environment.MachineName,
            };
            await using var host = await RecorderHost.Start(settings, stop);
            Console.WriteLine($"API      {host.Address}/api/config");
            Console.WriteLine($"console  {host.Address}/");
            await host.WaitForShutdown(stop);
            return 0;
        });
        return command;
    }

    internal static Option<string[]> SchemesOption() => new("--allow-scheme")
    {
        Description = "A scheme that rtsp_url may have beside rtsp and rtsps, such as rtmp or http; any number of times.",
        DefaultValueFactory = _ => [],
    };

    internal static int ValidPort(int port) => port is >= 1 and <= 65535
        ? port
        : throw new StartupException($"端口 {port} 无效: 必须在 1 到 65535 之间", $"port {port} is not valid: it must be from 1 to 65535");

    internal static IPAddress ValidAddress(string text) => text switch
    {
        "*" => IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(text, out var address)
            ? address
            : throw new StartupException($"监听地址 {text} 无效: 请使用 IP 地址, 例如 127.0.0.1", $"--listen {text} is not an IP address; use one such as 127.0.0.1"),
    };
}
