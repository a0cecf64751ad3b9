using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Configuration;

/// <summary>Replaces a file so that at every moment, also after a power cut, either all of the old content or all of the new is there.</summary>
internal static class AtomicFile
{
    private const int InvalidArgument = 22;
    private const int CloseOnExec = 0x80000;

    /// <summary>Writes aside in the same directory, then renames. Only the owner may read and write the file.</summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(path)!;
        // One name a file, so that what a crash leaves is replaced by the next write and does not pile up.
        var aside = Path.Combine(directory, $".{Path.GetFileName(path)}.saving");
        try
        {
            File.Delete(aside);
            using (var file = new FileStream(aside, Options())) Fill(file, content);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }

        SyncDirectory(directory);
    }

    private static void Fill(FileStream file, ReadOnlySpan<byte> content)
    {
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    // Without this the rename itself may be lost in a power cut. .NET opens no directories.
    private static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        using var handle = Open(directory, CloseOnExec);
        // Some network file systems know no fsync of a directory, and say so with EINVAL.
        if (handle.IsInvalid || (Sync(handle) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument))
        {
            throw new IOException($"{directory}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(SafeFileHandle handle);
}
