using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>The program run to its end with settings in the environment.</summary>
internal static class RecorderProgram
{
    /// <summary>The exit code of what a user can mend.</summary>
    public const int UserError = 2;

    /// <summary>The program itself.</summary>
    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "recorder.dll");

    /// <summary>Runs a command; it has a minute.</summary>
    public static Task<Shell.Output> Run(IReadOnlyDictionary<string, string> settings, params string[] arguments) => Shell.Run("env",
        [.. settings.Select(setting => $"RECORDER_{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}"), "dotnet", Path, .. arguments]);
}
