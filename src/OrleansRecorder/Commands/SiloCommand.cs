using System.CommandLine;
using OrleansRecorder.Hosting;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder silo</c>: a recording node of a farm.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        var command = new Command("silo", "A recording node of a farm: records on this machine, state in PostgreSQL.");
        var options = SettingsOptions.AddTo(command, Roles.Silo);
        command.SetAction(async (parsed, stop) =>
        {
            await using var host = await SiloHost.Start(SiloSettings.From(options.Read(parsed)), TimeProvider.System, stop);
            await host.WaitForShutdown(stop);
            return 0;
        });
        return command;
    }
}
