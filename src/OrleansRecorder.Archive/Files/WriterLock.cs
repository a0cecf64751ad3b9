using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Archive.Files;

/// <summary>
/// Marks a file as being written by a living process, also for other nodes on a shared volume: a lock of the open file, which the
/// kernel takes back when its owner dies. It hinders no reader. (.NET's own locks are of another kind and do not meet it.)
/// </summary>
internal static class WriterLock
{
    /// <summary>How long a file counts as alive after its last write where the file system has no locks.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Takes the lock of a file that this process has just created; false when another was faster. It ends with the handle.</summary>
    public static bool TryTakeNew(SafeFileHandle file) => TryTake(file) != false;

    /// <summary>Takes the lock of a file that was found, and is open for writing; false when another holds it. It ends with the handle.</summary>
    public static bool TryTakeFound(SafeFileHandle file, string path, TimeProvider time) => TryTake(file) ?? !IsFresh(file, path, time);

    /// <summary>Whether another open file holds the lock.</summary>
    public static bool IsTaken(SafeFileHandle file, string path, TimeProvider time)
    {
        var request = new Libc.FileLock { Type = Libc.FileLock.Write };
        return Libc.Control(file, Libc.OpenDescriptionGetLock, ref request) == 0
            ? request.Type != Libc.FileLock.Unlocked
            : IsFresh(file, path, time);
    }

    // Null where the file system has no locks.
    private static bool? TryTake(SafeFileHandle file)
    {
        var request = new Libc.FileLock { Type = Libc.FileLock.Write };
        if (Libc.Control(file, Libc.OpenDescriptionSetLock, ref request) == 0) return true;
        return Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.AccessDenied ? false : null;
    }

    private static bool IsFresh(SafeFileHandle file, string path, TimeProvider time) =>
        (time.GetUtcNow() - DirectoryHandle.Stat(file, path).ModifiedAt).Duration() < Grace;
}
