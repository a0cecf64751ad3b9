using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns a decoder or encoder.</summary>
internal sealed unsafe class CodecHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public CodecHandle(AVCodecContext* pointer) : base(ownsHandle: true) => SetHandle(Checked.Allocated(pointer));

    public AVCodecContext* Pointer => (AVCodecContext*)handle;

    protected override bool ReleaseHandle()
    {
        var pointer = Pointer;
        ffmpeg.avcodec_free_context(&pointer);
        return true;
    }
}
