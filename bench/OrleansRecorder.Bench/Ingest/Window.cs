namespace OrleansRecorder.Bench.Ingest;

/// <summary>What to measure, and how.</summary>
/// <param name="Seconds">Length of the window.</param>
/// <param name="Checks">Whether to decode the files.</param>
/// <param name="Folder">Where to record; null for a temporary folder.</param>
/// <param name="Rows">Names of rows.</param>
/// <param name="Ways">Words of which one must be in a way's name.</param>
/// <param name="Cycles">How often to connect, record and stop.</param>
internal sealed record Window(int Seconds, bool Checks, string? Folder, string[] Rows, string[] Ways, int Cycles)
{
    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem => Array.Find(Rows, name => name != Row.Cycles && !Array.Exists(Row.All, row => row.Name == name)) is { } row ? $"there is no row '{row}'"
        : Array.Find(Ways, word => !Row.All.SelectMany(row => row.Ways).Any(way => Names(way, word))) is { } word ? $"there is no way '{word}'"
        : null;

    /// <summary>Whether to connect, record and stop.</summary>
    public bool HasCycles => Rows.Contains(Row.Cycles);

    /// <summary>Whether a way is to be measured.</summary>
    public bool Has(Way way) => Array.Exists(Ways, word => Names(way, word));

    /// <summary>Whether a way is to be measured under a load.</summary>
    public bool Has(Load load, Way way) => Has(way) && Array.Exists(Row.All, row => row.Load == load && row.Ways.Contains(way) && Rows.Contains(row.Name));

    /// <summary>A folder for one run, removed at its end.</summary>
    public RunFolder CreateFolder() => new(Folder is null ? Directory.CreateTempSubdirectory("recorder-bench-") : Directory.CreateDirectory(System.IO.Path.Combine(Folder, System.IO.Path.GetRandomFileName())));

    private static bool Names(Way way, string word) => way.Name.Contains(word, StringComparison.OrdinalIgnoreCase);

    internal sealed class RunFolder(DirectoryInfo folder) : IDisposable
    {
        public string Path => folder.FullName;

        public void Dispose() => folder.Delete(recursive: true);
    }
}
