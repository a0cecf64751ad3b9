using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Commands;

/// <summary>Runs a command and turns what a user can mend into a sentence and exit code 2.</summary>
internal static class CommandLine
{
    /// <summary>What a process returns when its settings, files or surroundings do not let it start.</summary>
    public const int UserError = 2;

    // Captures get their time to end cleanly.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(20);

    // These bound their end themselves, by a setting; this is beyond its range.
    private static readonly string[] OwnEnd = ["silo", "api", "farm"];
    private static readonly TimeSpan EndWithinOwn = TimeSpan.FromSeconds(620);

    public static async Task<int> Run(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors) Console.Error.WriteLine($"recorder: {error.Message}");
            Console.Error.WriteLine("recorder: 'recorder --help' lists the commands and their options");
            return UserError;
        }

        // A terminal that is closed ends what runs in it as Ctrl+C does.
        using var hungUp = new CancellationTokenSource();
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            hungUp.Cancel();
        });

        try
        {
            var endWithin = OwnEnd.Contains(parsed.CommandResult.Command.Name) ? EndWithinOwn : EndWithin;
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = endWithin }, hungUp.Token);
        }
        catch (StartupException e)
        {
            Console.Error.WriteLine($"recorder: {e.Text.Chinese}");
            Console.Error.WriteLine($"recorder: {e.Text.English}");
            return UserError;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
