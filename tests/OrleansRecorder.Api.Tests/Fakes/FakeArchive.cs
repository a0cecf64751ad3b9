using OrleansRecorder.Archive;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Fakes;

/// <summary>A node's recordings in memory.</summary>
internal sealed class FakeArchive : IArchiveGrain
{
    private readonly SortedDictionary<(string Timestamp, string Name), byte[]> _files = [];
    private int _reads;
    private int _calls;
    private int _outstanding;
    private int _mostOutstanding;

    /// <summary>When set, no call answers before it does.</summary>
    public TaskCompletionSource? Silence { get; set; }

    /// <summary>What every call throws.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What the next so many calls throw; counts down.</summary>
    public (int Calls, Exception Failure)? NextFailures { get; set; }

    /// <summary>Calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What the archive says of a path instead of looking for it.</summary>
    public Dictionary<string, (ArchiveResult Result, LocalizedText Reason)> Refusals { get; } = [];

    /// <summary>Pieces read so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The output directory of the last call.</summary>
    public string OutputDirectory { get; private set; } = "";

    /// <summary>The largest piece asked for.</summary>
    public int LargestRead { get; private set; }

    /// <summary>Bytes that were asked for and are not answered.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>The most of them at any moment.</summary>
    public int MostOutstanding => Volatile.Read(ref _mostOutstanding);

    /// <summary>When set, no piece from the given offset on is answered before it is.</summary>
    public (long From, TaskCompletionSource Opened)? Gate { get; set; }

    /// <summary>Offsets from here on can no longer be read: the file has changed.</summary>
    public long ReadableUpTo { get; set; } = long.MaxValue;

    /// <summary>Nobody answers who asks for offsets from here on.</summary>
    public long FailsFrom { get; set; } = long.MaxValue;

    public DateTimeOffset ModifiedAt { get; } = new(2025, 10, 10, 8, 30, 26, 700, TimeSpan.Zero);

    public FakeArchive Add(string timestamp, string name, byte[] content)
    {
        _files[(timestamp, name)] = content;
        return this;
    }

    public bool Has(string timestamp, string name) => _files.ContainsKey((timestamp, name));

    public Task<ArchiveDirectory[]> ListDirectories(string outputDirectory) => Answer(outputDirectory, () => _files
        .GroupBy(file => file.Key.Timestamp)
        .Select(group => new ArchiveDirectory { Timestamp = group.Key, VideoCount = group.Count(), TotalSize = group.Sum(file => file.Value.Length) })
        .OrderByDescending(directory => directory.Timestamp, StringComparer.Ordinal)
        .ToArray());

    public Task<RecordingPage> ListRecordings(string outputDirectory, string? directory, int offset, int limit) => Answer(outputDirectory, () =>
    {
        var found = _files.Where(file => directory is null || file.Key.Timestamp == directory).ToArray();
        return new RecordingPage
        {
            Found = directory is null || found.Length > 0,
            TotalCount = found.Length,
            Recordings = [.. found.Skip(offset).Take(limit).Select(file => new Recording { Filename = file.Key.Name, Timestamp = file.Key.Timestamp, Size = file.Value.Length, CreatedAt = ModifiedAt })],
        };
    });

    public Task<ArchiveOutcome> DeleteRecording(string outputDirectory, string path) => Answer(outputDirectory, () =>
    {
        if (Refusals.TryGetValue(path, out var refusal)) return new ArchiveOutcome(refusal.Result, refusal.Reason);
        return _files.Remove(Split(path)) ? ArchiveOutcome.Done : new ArchiveOutcome(ArchiveResult.NotFound, new LocalizedText("文件不存在", "there is no such file"));
    });

    public Task<ArchiveOutcome> DeleteDirectory(string outputDirectory, string directory) => Answer(outputDirectory, () =>
    {
        if (Refusals.TryGetValue(directory, out var refusal)) return new ArchiveOutcome(refusal.Result, refusal.Reason);
        var names = _files.Keys.Where(key => key.Timestamp == directory).ToArray();
        foreach (var name in names) _files.Remove(name);
        return names.Length > 0 ? ArchiveOutcome.Done : new ArchiveOutcome(ArchiveResult.NotFound, new LocalizedText("目录不存在", "there is no such directory"));
    });

    public Task<ArchiveFile> StatRecording(string outputDirectory, string path) => Answer(outputDirectory, () => Stat(path, Split(path)));

    public Task<ArchiveFile> StatReport(string outputDirectory, string directory, string filename) => Answer(outputDirectory, () => Stat($"{directory}/{filename}", (directory, filename)));

    public async Task<byte[]?> Read(string outputDirectory, string path, string etag, long offset, int count)
    {
        Interlocked.Increment(ref _reads);
        LargestRead = Math.Max(LargestRead, count);
        lock (_files) _mostOutstanding = Math.Max(_mostOutstanding, _outstanding += count);
        try
        {
            await Task.Yield(); // no grain answers before its caller goes on
            await Answer(outputDirectory, () => true);
            if (Gate is { } gate && offset >= gate.From) await gate.Opened.Task;
            if (offset >= FailsFrom) throw new TimeoutException();
            if (offset >= ReadableUpTo || !_files.TryGetValue(Split(path), out var bytes)) return null;
            return bytes.AsSpan((int)offset, (int)Math.Min(count, bytes.Length - offset)).ToArray();
        }
        finally
        {
            lock (_files) _outstanding -= count;
        }
    }

    public Task<string> ReserveDirectory(string outputDirectory, string wantedName) => Task.FromResult(wantedName);

    public Task WriteReports(CycleReport report) => Task.CompletedTask;

    private static (string Timestamp, string Name) Split(string path) => path.Split('/') is [.., var timestamp, var name] ? (timestamp, name) : ("", path);

    private ArchiveFile Stat(string path, (string Timestamp, string Name) key)
    {
        if (Refusals.TryGetValue(path, out var refusal)) return new ArchiveFile { Result = refusal.Result, Reason = refusal.Reason };
        if (!_files.TryGetValue(key, out var bytes)) return new ArchiveFile { Result = ArchiveResult.NotFound, Reason = new LocalizedText("文件不存在", "there is no such file") };
        return new ArchiveFile { Result = ArchiveResult.Ok, Path = $"{key.Timestamp}/{key.Name}", Size = bytes.Length, ModifiedAt = ModifiedAt, ETag = $"v{bytes.Length}" };
    }

    private async Task<T> Answer<T>(string outputDirectory, Func<T> answer)
    {
        Interlocked.Increment(ref _calls);
        if (Silence is { } silence) await silence.Task;
        if (NextFailures is { Calls: > 0 } next)
        {
            NextFailures = next with { Calls = next.Calls - 1 };
            throw next.Failure;
        }

        if (Failure is not null) throw Failure;
        OutputDirectory = outputDirectory;
        lock (_files) return answer();
    }
}
