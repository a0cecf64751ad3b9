namespace OrleansRecorder.Archive.Recordings;

/// <summary>
/// One thing at a time in a cycle directory: what creates, renames or removes a name in it holds the directory's lock, so that
/// "is it in use?" stays answered until the removal is done. A fixed number of locks; two directories may share one.
/// </summary>
internal sealed class DirectoryLocks
{
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>The lock of a directory.</summary>
    public Lock Of(string directory) => _locks[(uint)string.GetHashCode(directory, StringComparison.Ordinal) % (uint)_locks.Length];
}
