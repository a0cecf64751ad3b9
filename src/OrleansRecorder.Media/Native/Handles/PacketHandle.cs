using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns a packet and, while it is filled, its data.</summary>
internal sealed unsafe class PacketHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public PacketHandle() : base(ownsHandle: true) => SetHandle(Checked.Allocated(ffmpeg.av_packet_alloc()));

    public AVPacket* Pointer => (AVPacket*)handle;

    /// <summary>Makes it hold a copy of this data, with FFmpeg's padding behind it.</summary>
    public void Fill(ReadOnlySpan<byte> data)
    {
        ffmpeg.av_packet_unref(Pointer);
        Checked.Call(ffmpeg.av_new_packet(Pointer, data.Length));
        data.CopyTo(new Span<byte>(Pointer->data, data.Length));
    }

    protected override bool ReleaseHandle()
    {
        var pointer = Pointer;
        ffmpeg.av_packet_free(&pointer);
        return true;
    }
}
