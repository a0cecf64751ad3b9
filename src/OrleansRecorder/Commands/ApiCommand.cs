using System.CommandLine;
using OrleansRecorder.Hosting;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder api</c>: the REST API of a farm; any number of them behind a load balancer.</summary>
internal static class ApiCommand
{
    public static Command Create()
    {
        var command = new Command("api", "The REST API of a farm, without state of its own: any number of them can stand behind a load balancer.");
        var options = SettingsOptions.AddTo(command, Roles.Api);
        command.SetAction(async (parsed, stop) =>
        {
            await using var host = await ApiHost.Start(ApiSettings.From(options.Read(parsed)), TimeProvider.System, stop);
            await host.WaitForShutdown(stop);
            return 0;
        });
        return command;
    }
}
