namespace OrleansRecorder.Farm;

/// <summary>A process of the farm, before it is started.</summary>
internal sealed record ChildSpec(string Name, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>All that it prints is appended here.</summary>
    public required string LogFile { get; init; }

    /// <summary>Added to this process's environment; secrets go by files that these name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The user that it runs as; null: this one.</summary>
    public string? User { get; init; }

    /// <summary>Sent to it by the kernel when this process is gone, however it went.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>The recorder itself in another role.</summary>
    public static ChildSpec Recorder(string name, string logFile, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(name, System.Environment.ProcessPath!, [.. OwnAssembly(), .. arguments]) { LogFile = logFile, Environment = environment };

    // Started as `dotnet recorder.dll`, or as the program's own executable.
    private static string[] OwnAssembly() => Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet"
        ? [Path.Combine(AppContext.BaseDirectory, "recorder.dll")]
        : [];
}
