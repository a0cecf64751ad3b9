using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansRecorder.Media.Buffers;

/// <summary>Asks the processor for memory that is soon needed. What the kernel or another thread wrote is far away, and waiting for it is much of what a packet costs.</summary>
internal static class Prefetch
{
    /// <summary>The line that holds a byte so far behind another is read soon. A hint: any address will do, and where the processor has no such thing nothing happens.</summary>
    public static unsafe void Read(ref byte start, int offset)
    {
        if (Sse.IsSupported) Sse.Prefetch0((byte*)Unsafe.AsPointer(ref start) + offset);
    }
}
