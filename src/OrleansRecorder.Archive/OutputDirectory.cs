using System.Text;
using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Archive;

/// <summary>An output directory: turns what clients say into places inside it, and opens these without ever following a link.</summary>
/// <param name="path">Absolute and normalized.</param>
/// <param name="baseDirectory">What relative paths start from, absolute.</param>
internal sealed class OutputDirectory(string path, string baseDirectory)
{
    private const int MaxPathBytes = 4096;

    /// <summary>Absolute and normalized.</summary>
    public string Path => path;

    /// <summary>Opens it; the operator's own links on the way to it are followed.</summary>
    public DirectoryHandle Open() => DirectoryHandle.Open(path);

    /// <summary>Opens it, made first when it does not exist.</summary>
    public DirectoryHandle OpenOrCreate()
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.From(exception);
        }

        return Open();
    }

    /// <summary>Opens a cycle directory.</summary>
    public DirectoryHandle OpenCycle(string name)
    {
        using var root = Open();
        return root.OpenDirectory(name);
    }

    /// <summary>Opens a cycle directory, made first when it does not exist: after a fail-over it may have been made on another node only.</summary>
    public DirectoryHandle OpenOrCreateCycle(string name)
    {
        if (!CycleName.IsValid(name)) throw Refusals.InvalidPath;
        using var root = OpenOrCreate();
        if (root.TryCreateDirectory(name)) root.Flush();
        return root.OpenDirectory(name);
    }

    /// <summary>
    /// The place that a client's path means: relative or absolute, after <c>.</c>, <c>..</c> and doubled slashes.
    /// Throws a refusal when it is none of the archive's.
    /// </summary>
    public ArchiveLocation Locate(string clientPath)
    {
        if (string.IsNullOrWhiteSpace(clientPath) || clientPath.Any(c => c == '\\' || char.IsControl(c)) || IsTooLong(clientPath)) throw Refusals.InvalidPath;

        var full = System.IO.Path.GetFullPath(clientPath, baseDirectory);
        var relative = Below(path, full) ?? Below(RealPath(), full) ?? throw Refusals.Outside;
        RefuseLinks(relative);
        return ArchiveLocation.Parse(relative) ?? throw Refusals.NoFile;
    }

    /// <summary>A client's name of a cycle directory. Throws a refusal when it is none.</summary>
    public static string LocateCycle(string clientName)
    {
        if (string.IsNullOrWhiteSpace(clientName) || clientName.Any(char.IsControl)) throw Refusals.InvalidPath;
        if (clientName is "." or ".." || clientName.AsSpan().IndexOfAny('/', '\\') >= 0) throw Refusals.Outside;
        return CycleName.IsValid(clientName) ? clientName : throw Refusals.NoDirectory;
    }

    private static bool IsTooLong(string clientPath) =>
        Encoding.UTF8.GetByteCount(clientPath) > MaxPathBytes || clientPath.Split('/').Any(name => Encoding.UTF8.GetByteCount(name) > RecordingName.MaxBytes);

    private static string? Below(string? root, string full)
    {
        if (root is null) return null;
        var prefix = root == "/" ? root : root + "/";
        return full.StartsWith(prefix, StringComparison.Ordinal) ? full[prefix.Length..] : full == root ? "" : null;
    }

    private string? RealPath()
    {
        try
        {
            using var root = Open();
            return root.RealPath;
        }
        catch (ArchiveException)
        {
            // A directory that cannot be opened has no other name that a client could mean.
            return null;
        }
    }

    // Opening refuses links by itself; this only makes sure that whoever goes through one hears "forbidden", whatever lies behind it.
    private void RefuseLinks(string relative)
    {
        var at = path;
        foreach (var component in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = $"{at}/{component}";
            if (new FileInfo(at).LinkTarget is not null) throw Refusals.Link;
        }
    }
}
