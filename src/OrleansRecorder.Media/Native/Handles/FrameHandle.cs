using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns a decoded frame.</summary>
internal sealed unsafe class FrameHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public FrameHandle(AVFrame* pointer) : base(ownsHandle: true) => SetHandle(Checked.Allocated(pointer));

    public AVFrame* Pointer => (AVFrame*)handle;

    protected override bool ReleaseHandle()
    {
        var pointer = Pointer;
        ffmpeg.av_frame_free(&pointer);
        return true;
    }
}
