using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using OrleansRecorder.Hosting;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Bench.Farm;

/// <summary>A silo of the farm as <c>recorder silo</c> runs it, with captures that record nothing. Told by the same settings, in the environment.</summary>
internal static class FarmSilo
{
    public static Command Create()
    {
        var samples = new Argument<string>("samples");
        var command = new Command("silo", "A recording node without recordings; started by 'farm'.") { samples };
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            await using var writer = new SampleWriter(parsed.GetValue(samples)!, TimeProvider.System);
            var settings = SiloSettings.From(HostSettings.Read(Roles.Silo, null, [], Environment.GetEnvironmentVariables()));
            await using var host = await SiloHost.Start(settings, TimeProvider.System, stop,
                services => services.AddSingleton<ICaptureEngine>(new IdleCaptureEngine(TimeProvider.System, writer)));
            await host.WaitForShutdown(stop);
            return 0;
        });
        return command;
    }
}
