using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Volumes;

/// <summary>
/// Has a file's blocks allocated ahead of its writes, in large pieces: hundreds of files that grow side by side stay in one piece each on the disk, and a write
/// into blocks that are there costs a third less. What is left over at the end goes back by <see cref="Release"/>. The length of the file does not change.
/// </summary>
internal sealed partial class Preallocation
{
    private const int KeepSize = 1;
    private const long Least = 1 << 20;
    private const long Most = 4 << 20;
    private long _end;
    private bool _isRefused;

    /// <summary>A write up to this position is next.</summary>
    public void Reach(SafeFileHandle file, long end)
    {
        if (end <= _end || _isRefused || !OperatingSystem.IsLinux()) return;
        // As much as there is already, so that a short recording leaves little over.
        var next = Math.Max(end, _end + Math.Clamp(_end, Least, Most));
        // Some file systems know no such thing, and a disk that is nearly full has no room for it: the write itself will tell.
        if (Allocate(file, KeepSize, _end, next - _end) != 0) _isRefused = true;
        _end = next;
    }

    /// <summary>Gives back what lies behind the end of a file.</summary>
    public static void Release(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
