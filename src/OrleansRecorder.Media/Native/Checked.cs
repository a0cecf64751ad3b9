using System.Runtime.CompilerServices;

namespace OrleansRecorder.Media.Native;

/// <summary>Turns FFmpeg's way of reporting failure into exceptions.</summary>
internal static unsafe class Checked
{
    /// <summary>The result of a call that is negative when it fails.</summary>
    public static int Call(int result, [CallerArgumentExpression(nameof(result))] string call = "") =>
        result >= 0 ? result : throw new FFmpegException(result, NameOf(call));

    /// <summary>What an allocation returned; it is null only when memory is exhausted.</summary>
    public static nint Allocated(void* pointer) => pointer is not null ? (nint)pointer : throw new OutOfMemoryException("FFmpeg has no memory left");

    private static string NameOf(string call) => call[..Math.Max(0, call.IndexOf('('))].Replace("ffmpeg.", "", StringComparison.Ordinal);
}
