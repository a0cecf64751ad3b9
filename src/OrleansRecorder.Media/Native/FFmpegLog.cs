using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansRecorder.Media.Native;

/// <summary>
/// FFmpeg's log, which is process-wide: each line goes to the scope of the thread that wrote it (a capture has a thread of its own), and
/// warnings go on to the logger, once a minute for each kind of line, without credentials.
/// </summary>
internal static unsafe partial class FFmpegLog
{
    private const int LineSize = 1024;
    private static readonly ConcurrentDictionary<nint, long> LastSeen = new();

    [ThreadStatic]
    private static FFmpegLogScope? scopeOfThread;

    /// <summary>Where warnings go.</summary>
    public static ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>What the calling thread's calls into FFmpeg are about, or null.</summary>
    public static FFmpegLogScope? Scope
    {
        get => scopeOfThread;
        set => scopeOfThread = value;
    }

    public static void Install() =>
        ffmpeg.av_log_set_callback(new av_log_set_callback_callback_func { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void>)&OnLine });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLine(void* context, int level, byte* format, byte* arguments)
    {
        try
        {
            var scope = scopeOfThread;
            var kind = (level & 0xff) <= ffmpeg.AV_LOG_WARNING ? LineKind.Warning : LineKind.Trace;
            var isReply = kind == LineKind.Trace && scope is { IsSignalling: true } && StartsWith(format, "line='"u8);
            if (kind == LineKind.Trace && !isReply) return;
            if (StartsWith(format, "RTP: missed"u8) && scope is not null) scope.LossCount++;
            if (isReply)
            {
                scope!.AddReply(Text(context, level, format, arguments).AsSpan()[6..].TrimEnd('\'').ToString());
                return;
            }

            if (!Logger.IsEnabled(LogLevel.Debug) || IsRepeated((nint)format)) return;
            LogLine(Logger, scope?.Name ?? "", (scope ?? FFmpegLogScope.None).Redact(Text(context, level, format, arguments)));
        }
        catch (Exception)
        {
            // An exception must not cross into native code, and a line of log is not worth a capture.
        }
    }

    private static bool StartsWith(byte* format, ReadOnlySpan<byte> prefix)
    {
        for (var i = 0; i < prefix.Length; i++)
        {
            if (format[i] != prefix[i]) return false;
        }

        return true;
    }

    // The formats are literals in FFmpeg's own memory: their addresses are the kinds of lines, and there are only so many.
    private static bool IsRepeated(nint format)
    {
        var now = Environment.TickCount64;
        if (LastSeen.TryGetValue(format, out var last) && now - last < 60_000) return true;
        LastSeen[format] = now;
        return false;
    }

    private static string Text(void* context, int level, byte* format, byte* arguments)
    {
        var line = stackalloc byte[LineSize];
        var withPrefix = 0;
        _ = ffmpeg.av_log_format_line2(context, level, Marshal.PtrToStringUTF8((nint)format) ?? "", arguments, line, LineSize, &withPrefix);
        return (Marshal.PtrToStringUTF8((nint)line) ?? "").TrimEnd();
    }

    [LoggerMessage(3100, LogLevel.Debug, "FFmpeg on {Stream}: {Line}")]
    private static partial void LogLine(ILogger logger, string stream, string line);

    private enum LineKind
    {
        Trace,
        Warning,
    }
}
