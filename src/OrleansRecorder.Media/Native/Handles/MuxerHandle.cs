using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns an MP4 output and the buffer through which it writes into a stream.</summary>
internal sealed unsafe class MuxerHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int BufferSize = 1 << 16;
    private const int EIO = 5;
    private readonly Output _output;
    private GCHandle _opaque;

    public MuxerHandle(Stream stream) : base(ownsHandle: true)
    {
        AVFormatContext* context;
        Checked.Call(ffmpeg.avformat_alloc_output_context2(&context, null, "mp4", null));
        SetHandle((nint)context);
        _output = new Output(stream);
        _opaque = GCHandle.Alloc(_output);
        var buffer = (byte*)Checked.Allocated(ffmpeg.av_malloc(BufferSize));
        var write = new avio_alloc_context_write_packet_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, byte*, int, int>)&Write };
        context->pb = (AVIOContext*)Checked.Allocated(ffmpeg.avio_alloc_context(buffer, BufferSize, 1, (void*)GCHandle.ToIntPtr(_opaque), default, write, default));
        context->flags |= ffmpeg.AVFMT_FLAG_CUSTOM_IO;
        context->flush_packets = 0;
    }

    public AVFormatContext* Pointer => (AVFormatContext*)handle;

    /// <summary>Throws what the stream threw: FFmpeg passes on only that it failed.</summary>
    public void ThrowIfWriteFailed()
    {
        if (_output.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    protected override bool ReleaseHandle()
    {
        var output = Pointer->pb;
        if (output is not null)
        {
            ffmpeg.av_freep(&output->buffer);
            ffmpeg.avio_context_free(&output);
        }

        ffmpeg.avformat_free_context(Pointer);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_opaque.IsAllocated) _opaque.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(void* opaque, byte* data, int size)
    {
        var output = (Output)GCHandle.FromIntPtr((nint)opaque).Target!;
        if (output.Failure is not null) return -EIO;
        try
        {
            output.Stream.Write(new ReadOnlySpan<byte>(data, size));
            return size;
        }
        catch (Exception exception)
        {
            // It must not cross into native code; the caller of the muxer throws it on.
            output.Failure = exception;
            return -EIO;
        }
    }

    private sealed class Output(Stream stream)
    {
        public Stream Stream { get; } = stream;

        public Exception? Failure { get; set; }
    }
}
