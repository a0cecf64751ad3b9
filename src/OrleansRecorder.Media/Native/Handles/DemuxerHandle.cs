using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns an input; every blocking call on it asks <paramref name="mustEnd"/> about ten times a second whether to give up.</summary>
internal sealed unsafe class DemuxerHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private GCHandle _mustEnd;

    public DemuxerHandle(Func<bool> mustEnd) : base(ownsHandle: true)
    {
        SetHandle(Checked.Allocated(ffmpeg.avformat_alloc_context()));
        _mustEnd = GCHandle.Alloc(mustEnd);
        Pointer->interrupt_callback.opaque = (void*)GCHandle.ToIntPtr(_mustEnd);
        Pointer->interrupt_callback.callback = new AVIOInterruptCB_callback_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, int>)&MustEnd };
    }

    public AVFormatContext* Pointer => (AVFormatContext*)handle;

    /// <summary>Connects. FFmpeg's code; when it is negative FFmpeg has freed the input already.</summary>
    public int Open(string url, ref OptionsHandle options)
    {
        var context = Pointer;
        var dictionary = options.Pointer;
        var code = ffmpeg.avformat_open_input(&context, url, null, &dictionary);
        options.Pointer = dictionary;
        SetHandle((nint)context);
        return code;
    }

    protected override bool ReleaseHandle()
    {
        var context = Pointer;
        ffmpeg.avformat_close_input(&context);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_mustEnd.IsAllocated) _mustEnd.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int MustEnd(void* opaque) => ((Func<bool>)GCHandle.FromIntPtr((nint)opaque).Target!)() ? 1 : 0;
}
