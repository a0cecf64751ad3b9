using System.Runtime.InteropServices;

namespace OrleansRecorder.Media.Volumes;

/// <summary>
/// Memory that a disk reads from by itself, outside of the heap. In one huge page where the kernel has one to give: it then has one piece of memory to look up and to name to the disk in place of
/// a hundred, which is a fifth of what a write of 500 kB costs the processor.
/// </summary>
internal sealed unsafe partial class BlockBuffer
{
    /// <summary>Bytes of it: those of one call, and a block for what is left of the one before and two for its end.</summary>
    public const int Length = DirectWrites.PieceLength + (3 * DirectWrites.Block);

    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePage = 14;
    private readonly byte* _memory;

    /// <summary>Takes the memory.</summary>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    public BlockBuffer()
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(HugePage, HugePage);
        // A wish: without it there are pages of the usual size.
        if (OperatingSystem.IsLinux()) _ = Advise(_memory, HugePage, AdviseHugePage);
    }

    /// <summary>Gives it back.</summary>
    ~BlockBuffer() => NativeMemory.AlignedFree(_memory);

    /// <summary>All of it, with whatever is in it; its address is a multiple of <see cref="DirectWrites.Block"/>. Whoever uses it keeps the buffer reachable.</summary>
    public Span<byte> Span => new(_memory, Length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
