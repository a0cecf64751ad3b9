using System.CommandLine;
using OrleansRecorder.Farm;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder farm</c>: a whole farm on this machine, until Ctrl+C.</summary>
internal static class FarmCommand
{
    public static Command Create()
    {
        var silos = new Option<int>("--silos") { Description = "How many recording nodes, 1 to 20.", DefaultValueFactory = _ => 3 };
        var apis = new Option<int>("--apis") { Description = "How many APIs, 1 to 20.", DefaultValueFactory = _ => 2 };
        var cameras = new Option<int>("--cameras") { Description = "How many simulated cameras, 1 to 500.", DefaultValueFactory = _ => 20 };
        var output = new Option<string>("--output") { Description = "Where recordings go, a folder a node, and the logs.", DefaultValueFactory = _ => "./output" };
        var port = new Option<int>("--port") { Description = "The load balancer's port on this machine.", DefaultValueFactory = _ => 8080 };
        var duration = new Option<double?>("--duration") { Description = "End by itself after so many seconds." };
        var command = new Command("farm", "A whole farm on this machine: simulated cameras, PostgreSQL, silos, APIs, and nginx in front.") { silos, apis, cameras, output, port, duration };
        command.SetAction((parsed, stop) => Run(
            new FarmOptions
            {
                Silos = Between("--silos", parsed.GetValue(silos), 20),
                Apis = Between("--apis", parsed.GetValue(apis), 20),
                Cameras = Between("--cameras", parsed.GetValue(cameras), 500),
                Output = Path.GetFullPath(parsed.GetValue(output)!),
                Port = RunCommand.ValidPort(parsed.GetValue(port)),
                Duration = parsed.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(ValidDuration(seconds)) : null,
            },
            TimeProvider.System, stop));
        return command;
    }

    private static async Task<int> Run(FarmOptions options, TimeProvider time, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        FarmProgress? progress = null;
        await using var farm = await RecorderFarm.Start(options, time, line => (progress is null ? Console.WriteLine : (Action<string>)progress.Say)(line), stop);
        progress = new FarmProgress(farm.Api, time);
        Console.WriteLine($"API      {farm.Api.Address}/api/nodes");
        Console.WriteLine($"console  {farm.Api.Address}/");
        Console.WriteLine($"files    {options.Output}/node-*/, logs in {options.Output}/logs/");
        Console.WriteLine("Ctrl+C ends all of it.");
        if (options.Duration is { } limit) over.CancelAfter(limit);
        await progress.Show(over.Token);
        Console.WriteLine("Ending the captures, then the processes ...");
        return 0;
    }

    private static int Between(string option, int value, int max) => value >= 1 && value <= max
        ? value
        : throw new StartupException($"{option} {value} 无效: 必须在 1 到 {max} 之间", $"{option} {value} is not valid: it must be from 1 to {max}");

    private static double ValidDuration(double seconds) => seconds is >= 1 and <= 1e7
        ? seconds
        : throw new StartupException($"--duration {seconds} 无效: 必须在 1 到 10000000 秒之间", $"--duration {seconds} is not valid: it must be from 1 to 10000000 seconds");
}
