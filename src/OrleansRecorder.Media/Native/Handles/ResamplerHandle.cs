using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns a resampler.</summary>
internal sealed unsafe class ResamplerHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ResamplerHandle(SwrContext* pointer) : base(ownsHandle: true) => SetHandle(Checked.Allocated(pointer));

    public SwrContext* Pointer => (SwrContext*)handle;

    protected override bool ReleaseHandle()
    {
        var pointer = Pointer;
        ffmpeg.swr_free(&pointer);
        return true;
    }
}
