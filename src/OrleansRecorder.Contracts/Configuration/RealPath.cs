namespace OrleansRecorder.Configuration;

/// <summary>Where a path leads when every symbolic link in it is followed, as far as it exists.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static string Of(string path)
    {
        var todo = new Stack<string>(Parts(Path.GetFullPath(path)).Reverse());
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        for (var links = 0; todo.TryPop(out var part);)
        {
            var next = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks) throw new IOException($"{path}: too many symbolic links");
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var inner in Parts(target).Reverse()) todo.Push(inner);
        }

        return real;
    }

    /// <summary>Whether a real path is inside a real directory.</summary>
    public static bool IsInside(string path, string directory) => path.StartsWith(Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
