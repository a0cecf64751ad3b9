using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>How large a picture may grow while it is put together.</summary>
internal static class PictureLimit
{
    private const long Largest = 16 << 20;
    private const long LargestWithoutMemory = 1 << 20;

    /// <summary>False when a picture of so many bytes is too large, or memory is so short that only common ones are put together.</summary>
    public static bool Allows(long length, ChunkPool pool) => length <= LargestWithoutMemory || (length <= Largest && !pool.IsFarOverLimit);
}
