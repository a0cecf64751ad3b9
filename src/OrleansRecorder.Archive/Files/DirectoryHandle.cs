using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Archive.Files;

/// <summary>
/// An open directory. Names are single components, and a name that is a symbolic link is never followed, so nothing done through it
/// can leave it. Everything that fails throws <see cref="ArchiveException"/>.
/// </summary>
internal sealed class DirectoryHandle : IDisposable
{
    private const uint DirectoryMode = 0b111_111_111;
    private const uint FileMode = 0b110_110_110;

    private readonly SafeFileHandle _handle;

    private DirectoryHandle(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>The path it was opened by, for messages and for those that need one.</summary>
    public string Path { get; }

    /// <summary>Where it is once all links are resolved.</summary>
    public string? RealPath => new FileInfo($"/proc/self/fd/{_handle.DangerousGetHandle()}").LinkTarget;

    /// <summary>What the directory itself is.</summary>
    public FileFacts Facts => Stat(_handle, Path);

    /// <summary>Opens the directory at an absolute path. Links on the way to it are the operator's own and are followed.</summary>
    public static DirectoryHandle Open(string path) =>
        new(Check(Libc.OpenAt(Libc.NoDirectory, path, Libc.ReadOnly | Libc.DirectoryOnly | Libc.CloseOnExec, 0), path), path);

    /// <summary>Opens a directory in this one.</summary>
    public DirectoryHandle OpenDirectory(string name)
    {
        var path = PathOf(name);
        var handle = Libc.OpenAt(_handle, name, Libc.ReadOnly | Libc.DirectoryOnly | Libc.NoFollow | Libc.CloseOnExec, 0);
        if (!handle.IsInvalid) return new DirectoryHandle(handle, path);

        // For a link Linux says "not a directory"; whoever asks must hear that it is a link.
        var errno = Marshal.GetLastPInvokeError();
        if (errno == Errno.NotDirectory && Stat(name)?.Kind == FileKind.Link) errno = Errno.Loop;
        throw ArchiveException.FromErrno(errno, path);
    }

    /// <summary>Opens a regular file for reading, or for reading and writing.</summary>
    public SafeFileHandle OpenFile(string name, bool write = false)
    {
        var path = PathOf(name);
        // Without NonBlocking a pipe of that name would hold the caller up for ever.
        var flags = (write ? Libc.ReadWrite : Libc.ReadOnly) | Libc.NoFollow | Libc.NonBlocking | Libc.CloseOnExec;
        var handle = Check(Libc.OpenAt(_handle, name, flags, 0), path);
        if (Stat(handle, path).Kind == FileKind.File) return handle;
        handle.Dispose();
        throw ArchiveException.FromErrno(Errno.NoEntry, path);
    }

    /// <summary>Creates a file that does not exist; null when the name is taken.</summary>
    public SafeFileHandle? TryCreateFile(string name)
    {
        var handle = Libc.OpenAt(_handle, name, Libc.ReadWrite | Libc.Create | Libc.Exclusive | Libc.NoFollow | Libc.CloseOnExec, FileMode);
        return handle.IsInvalid && Marshal.GetLastPInvokeError() == Errno.Exists ? null : Check(handle, PathOf(name));
    }

    /// <summary>Creates a file, or empties it.</summary>
    public SafeFileHandle CreateOrTruncateFile(string name) =>
        Check(Libc.OpenAt(_handle, name, Libc.WriteOnly | Libc.Create | Libc.Truncate | Libc.NoFollow | Libc.CloseOnExec, FileMode), PathOf(name));

    /// <summary>Creates a directory; false when the name is taken.</summary>
    public bool TryCreateDirectory(string name)
    {
        if (Libc.MakeDirectoryAt(_handle, name, DirectoryMode) == 0) return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.Exists ? false : throw ArchiveException.FromErrno(errno, PathOf(name));
    }

    /// <summary>What a name is, links not followed; null when there is none.</summary>
    public FileFacts? Stat(string name)
    {
        if (Libc.StatX(_handle, name, Libc.SymlinkNoFollow, Libc.StatMask, out var stat) == 0) return FileFacts.From(stat);
        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.NoEntry or Errno.NotDirectory ? null : throw ArchiveException.FromErrno(errno, PathOf(name));
    }

    /// <summary>What an open file is.</summary>
    public static FileFacts Stat(SafeFileHandle file, string path)
    {
        Check(Libc.StatX(file, "", Libc.EmptyPath, Libc.StatMask, out var stat), path);
        return FileFacts.From(stat);
    }

    /// <summary>The names in it, in no order.</summary>
    public List<string> Names()
    {
        // A stream takes its descriptor over, and its place in the directory is its own.
        var copy = Check(Libc.OpenAt(_handle, ".", Libc.ReadOnly | Libc.DirectoryOnly | Libc.CloseOnExec, 0), Path);
        var stream = Libc.OpenDirectoryStream(copy.DangerousGetHandle());
        if (stream == 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            copy.Dispose();
            throw ArchiveException.FromErrno(errno, Path);
        }

        copy.SetHandleAsInvalid();
        try
        {
            return ReadNames(stream);
        }
        finally
        {
            Libc.CloseDirectoryStream(stream);
        }
    }

    /// <summary>Removes a file or a link; false when there was none.</summary>
    public bool DeleteFile(string name) => Unlink(name, 0);

    /// <summary>Removes an empty directory; false when there was none.</summary>
    public bool DeleteDirectory(string name) => Unlink(name, Libc.RemoveDirectory);

    /// <summary>Renames over whatever has the new name.</summary>
    public void Rename(string from, string to) => Check(Libc.RenameAt(_handle, from, _handle, to), PathOf(from));

    /// <summary>Renames unless the new name is taken, which is false.</summary>
    public bool TryRename(string from, string to)
    {
        if (Libc.RenameAt2(_handle, from, _handle, to, Libc.RenameNoReplace) == 0) return true;
        var errno = Marshal.GetLastPInvokeError();
        if (errno is Errno.Invalid or Errno.NotImplemented or Errno.NotSupported) return TryRenameByLink(from, to);
        return errno == Errno.Exists ? false : throw ArchiveException.FromErrno(errno, PathOf(from));
    }

    /// <summary>Makes creations, renames and removals in it survive a power cut.</summary>
    public void Flush()
    {
        if (Libc.Sync(_handle) == 0) return;
        var errno = Marshal.GetLastPInvokeError();
        // Some network file systems cannot sync a directory; they order these steps on the server.
        if (errno is not (Errno.Invalid or Errno.NotSupported)) throw ArchiveException.FromErrno(errno, Path);
    }

    /// <summary>The path of a name in it.</summary>
    public string PathOf(string name) => Path == "/" ? "/" + name : $"{Path}/{name}";

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // NFS has no rename that refuses to replace, but a hard link does. A crash in between leaves both names on one file, which recovery sees.
    private bool TryRenameByLink(string from, string to)
    {
        if (Libc.LinkAt(_handle, from, _handle, to, 0) == 0)
        {
            DeleteFile(from);
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        if (errno == Errno.Exists) return false;
        if (errno is not (Errno.NotPermitted or Errno.NotSupported or Errno.NotImplemented or Errno.TooManyLinks)) throw ArchiveException.FromErrno(errno, PathOf(from));

        // Neither links (SMB, FAT): two nodes would have to finish the same name within microseconds to collide here.
        if (Stat(to) is not null) return false;
        Rename(from, to);
        return true;
    }

    private unsafe List<string> ReadNames(nint stream)
    {
        var names = new List<string>();
        while (Libc.ReadDirectoryStream(stream) is not 0 and var entry)
        {
            var name = FileName.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)entry + Libc.DirectoryEntryName));
            if (name is not ("." or "..")) names.Add(name);
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == 0 ? names : throw ArchiveException.FromErrno(errno, Path);
    }

    private bool Unlink(string name, int flags)
    {
        if (Libc.UnlinkAt(_handle, name, flags) == 0) return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.NoEntry ? false : throw ArchiveException.FromErrno(errno, PathOf(name));
    }

    private static int Check(int result, string path) => result >= 0 ? result : throw ArchiveException.FromErrno(Marshal.GetLastPInvokeError(), path);

    private static SafeFileHandle Check(SafeFileHandle handle, string path) =>
        handle.IsInvalid ? throw ArchiveException.FromErrno(Marshal.GetLastPInvokeError(), path) : handle;
}
