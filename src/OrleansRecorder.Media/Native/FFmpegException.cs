using FFmpeg.AutoGen;

namespace OrleansRecorder.Media.Native;

/// <summary>A call into FFmpeg that failed, with FFmpeg's own text.</summary>
public sealed class FFmpegException(int code, string call) : Exception($"{call}: {Describe(code)} ({code})")
{
    /// <summary>FFmpeg's error code; negative.</summary>
    public int Code { get; } = code;

    /// <summary>FFmpeg's text for a code.</summary>
    internal static unsafe string Describe(int code)
    {
        var text = stackalloc byte[ffmpeg.AV_ERROR_MAX_STRING_SIZE];
        _ = ffmpeg.av_strerror(code, text, ffmpeg.AV_ERROR_MAX_STRING_SIZE);
        return System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)text) ?? "";
    }
}
