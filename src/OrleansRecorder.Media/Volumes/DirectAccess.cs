using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Volumes;

/// <summary>Turns <c>O_DIRECT</c> (open(2)) on and off for a file that is open: its writes then go from our memory to the disk, past the kernel's page cache.</summary>
internal static partial class DirectAccess
{
    private const int GetFlags = 3;
    private const int SetFlags = 4;

    // Larger than struct statfs on any of our machines; its first field, of the size of a pointer, is the kind of file system.
    private const int StatSize = 256;

    // Local file systems that write in place. Those with checksums or a network behind them take direct writes too, but not to advantage.
    private const long Ext4 = 0xEF53;
    private const long Xfs = 0x58465342;

    // The kernel's number differs between the two (fcntl.h).
    private static int Flag => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000 : 0x4000;

    /// <summary>Whether a file lies where direct writes are worth it: ext4 or XFS, on Linux.</summary>
    public static unsafe bool IsFit(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var stat = stackalloc byte[StatSize];
        return StatFileSystem(file, stat) == 0 && (long)*(nint*)stat is Ext4 or Xfs;
    }

    /// <summary>Whether it is on.</summary>
    public static bool IsOn(SafeFileHandle file) => Control(file, GetFlags, 0) is var flags and >= 0 && (flags & Flag) != 0;

    /// <summary>Turns it on or off; false when the kernel refuses.</summary>
    public static bool Turn(SafeFileHandle file, bool on)
    {
        var flags = Control(file, GetFlags, 0);
        return flags >= 0 && Control(file, SetFlags, on ? flags | Flag : flags & ~Flag) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static unsafe partial int StatFileSystem(SafeFileHandle file, byte* stat);
}
