using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>The files of the repository, and the programs that check some of them.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The text of a file below the root.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(At(parts));

    /// <summary>All that is deployed: what lies in deploy/, and docker-compose.yml.</summary>
    public static IReadOnlyList<string> DeployedFiles { get; } =
    [
        At("docker-compose.yml"),
        .. Directory.GetFiles(At("deploy"), "*", SearchOption.AllDirectories).Where(f => !f.Contains("/node_modules/", StringComparison.Ordinal) && !f.Contains("/secrets/", StringComparison.Ordinal)),
    ];

    /// <summary>Where a program is, or null. The folders of administrators' programs count too.</summary>
    public static string? Program(string name) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a checker in a folder through the shell; fails with what it printed unless it succeeds.</summary>
    public static async Task MustSucceed(string folder, string command)
    {
        var run = await Shell.Run("/bin/bash", "-c", $"cd '{folder}' && {command}");
        Assert.True(run.ExitCode == 0, $"{command}: exit code {run.ExitCode}\n{run.Text}{run.Errors}");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansRecorder.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
