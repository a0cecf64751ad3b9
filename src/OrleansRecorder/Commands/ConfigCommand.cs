using System.CommandLine;
using OrleansRecorder.Configuration;
using OrleansRecorder.Hosting;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder config check FILE</c>: every problem of a configuration, with line and column. <c>recorder config settings</c>: the table of host settings.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The configuration file." };
        var schemes = RunCommand.SchemesOption();
        var check = new Command("check", "Says everything that is wrong with a configuration.") { file, schemes };
        check.SetAction(parsed =>
        {
            var document = ConfigCheck.Load(parsed.GetValue(file)!, ConfigCheck.RulesWith(parsed.GetValue(schemes)!));
            foreach (var warning in document.Warnings) Console.WriteLine($"{warning.Chinese}\n{warning.English}");
            Console.WriteLine($"{parsed.GetValue(file)}: {document.Config.Streams.Length} streams, valid");
            return 0;
        });
        var settings = new Command("settings", "Shows every setting of the roles silo and api.");
        settings.SetAction(_ => Console.Out.Write(HostSettingsTable.ToMarkdown()));
        return new Command("config", "Configuration files, and the settings of processes.") { check, settings };
    }
}
