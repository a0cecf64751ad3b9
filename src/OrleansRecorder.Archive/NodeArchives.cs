using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Archive;

/// <summary>All the output directories that this process has been configured with: each has one <see cref="DirectoryArchive"/>, kept until the process ends.</summary>
public sealed class NodeArchives(NodeArchivesOptions options, TimeProvider time, ILogger<DirectoryArchive> logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DirectoryArchive> _archives = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>
    /// The archive of an output directory as configured; two spellings of one directory are one archive. Begins to scan it with the first call.
    /// Throws <see cref="ArchiveException"/> when this is no path.
    /// </summary>
    public DirectoryArchive For(string outputDirectory)
    {
        if (string.IsNullOrWhiteSpace(outputDirectory) || outputDirectory.Contains('\0')) throw Refusals.InvalidPath;
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputDirectory, options.BaseDirectory));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_archives.TryGetValue(path, out var archive)) _archives[path] = archive = new DirectoryArchive(path, options, time, logger);
            return archive;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        DirectoryArchive[] archives;
        lock (_lock)
        {
            _disposed = true;
            archives = [.. _archives.Values];
        }

        await Task.WhenAll(archives.Select(archive => archive.DisposeAsync().AsTask()));
    }
}

/// <summary>Registration.</summary>
public static class NodeArchivesExtensions
{
    /// <summary>Adds this process's <see cref="NodeArchives"/>; the container ends them.</summary>
    public static IServiceCollection AddNodeArchives(this IServiceCollection services, NodeArchivesOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options ?? new NodeArchivesOptions());
        services.TryAddSingleton<NodeArchives>();
        return services;
    }
}
