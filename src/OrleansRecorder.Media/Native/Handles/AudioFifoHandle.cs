using FFmpeg.AutoGen;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>Owns a queue of samples.</summary>
internal sealed unsafe class AudioFifoHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public AudioFifoHandle(AVAudioFifo* pointer) : base(ownsHandle: true) => SetHandle(Checked.Allocated(pointer));

    public AVAudioFifo* Pointer => (AVAudioFifo*)handle;

    protected override bool ReleaseHandle()
    {
        var pointer = Pointer;
        ffmpeg.av_audio_fifo_free(pointer);
        return true;
    }
}
