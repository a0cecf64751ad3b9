using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Archive.Tests;

/// <summary>A node's archives with one output directory, called <c>./output</c> as users do, in a folder of its own.</summary>
internal sealed class ArchiveFixture : IAsyncDisposable
{
    public const string Cycle = "20260101_080000";
    public const string Configured = "./output";

    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeArchives> _nodes = [];

    public ArchiveFixture(TimeSpan? scanInterval = null)
    {
        // Tests that do not look at the period scan when they say so.
        ScanInterval = scanInterval ?? TimeSpan.FromHours(1);
        Archive = NewNode().For(Configured);
    }

    public TimeSpan ScanInterval { get; }

    public DirectoryArchive Archive { get; }

    public string Base => _folder.Path;

    public string Output => _folder["output"];

    public string this[params string[] parts] => Path.Combine([Output, .. parts]);

    /// <summary>Another process on the same volume, as far as the archive can tell: nothing in memory is shared.</summary>
    public NodeArchives NewNode()
    {
        var options = new NodeArchivesOptions { BaseDirectory = Base, ScanInterval = ScanInterval, ReportStyle = new DocumentStyle { TimeZone = TimeZoneInfo.Utc } };
        var node = new NodeArchives(options, TimeProvider.System, NullLogger<DirectoryArchive>.Instance);
        _nodes.Add(node);
        return node;
    }

    public string Put(string relativePath, string content = "media")
    {
        var path = this[relativePath.Split('/')];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string Outside(string name, string content = "secret")
    {
        var path = Path.Combine(Base, name);
        File.WriteAllText(path, content);
        return path;
    }

    public static RecordedPart Part(double seconds = 15, string filename = "cam1.mp4") =>
        new() { Filename = filename, StartedAt = DateTimeOffset.UtcNow, Duration = TimeSpan.FromSeconds(seconds), Size = 0 };

    public async Task<string[]> Listed(string? directory = null)
    {
        var page = await Archive.ListRecordingsAsync(directory, 0, int.MaxValue);
        return [.. page.Recordings.Select(r => $"{r.Timestamp}/{r.Filename}")];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        _folder.Dispose();
    }
}
