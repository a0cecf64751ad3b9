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
    public static Task<Shell.Output> Run(IReadOnlyDictionary<string, string> settings, params string[] arguments) => Run([], settings, arguments);

    /// <summary>The same with this machine's clock off by so much for it alone, such as <c>+600s</c>. Its monotonic clock runs on as it does.</summary>
    public static Task<Shell.Output> RunAt(string clock, IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        File.Exists(FakeTime)
            ? Run([$"LD_PRELOAD={FakeTime}", $"FAKETIME={clock}", "FAKETIME_DONT_FAKE_MONOTONIC=1"], settings, arguments)
            : throw new InvalidOperationException($"{FakeTime} is missing: apt-get install faketime");

    private static string FakeTime => $"/usr/lib/{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        _ => "x86_64",
    }}-linux-gnu/faketime/libfaketime.so.1";

    private static Task<Shell.Output> Run(string[] surroundings, IReadOnlyDictionary<string, string> settings, string[] arguments) => Shell.Run("env",
        [.. surroundings, .. settings.Select(setting => $"RECORDER_{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}"), "dotnet", Path, .. arguments]);
}
