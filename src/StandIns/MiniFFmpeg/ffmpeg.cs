using System.Reflection;
using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

/// <summary>
/// The functions and constants of FFmpeg 5.1 that the recorder uses, under the names and signatures of the FFmpeg.AutoGen 5.1.2.3 package.
/// Libraries are loaded on first use from <see cref="RootPath"/>; a missing one throws <see cref="DllNotFoundException"/>.
/// </summary>
public static unsafe partial class ffmpeg
{
    /// <summary>EAGAIN of this system.</summary>
    public static readonly int EAGAIN = 11;

    /// <summary>AVERROR_EOF: the end of a file or stream.</summary>
    public static readonly int AVERROR_EOF = -541478725;

    /// <summary>AV_TIME_BASE: units a second of a context's own times.</summary>
    public const int AV_TIME_BASE = 1000000;

    /// <summary>AV_PKT_FLAG_KEY.</summary>
    public const int AV_PKT_FLAG_KEY = 1;

    /// <summary>AV_LOG_WARNING.</summary>
    public const int AV_LOG_WARNING = 24;

    /// <summary>AV_ERROR_MAX_STRING_SIZE.</summary>
    public const int AV_ERROR_MAX_STRING_SIZE = 64;

    static ffmpeg() => NativeLibrary.SetDllImportResolver(typeof(ffmpeg).Assembly, Resolve);

    /// <summary>The folder that holds the libraries; "" lets the system's loader search.</summary>
    public static string RootPath { get; set; } = AppDomain.CurrentDomain.BaseDirectory;

    /// <summary>The major version of each library.</summary>
    public static Dictionary<string, int> LibraryVersionMap { get; } = new()
    {
        [AvFormat] = 59,
        [AvCodec] = 59,
        [AvUtil] = 57,
        [SwResample] = 4,
    };

    /// <summary>A positive system error as FFmpeg returns it.</summary>
    public static int AVERROR(int error) => -error;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        LibraryVersionMap.TryGetValue(name, out var version) ? NativeLibrary.Load(Path.Combine(RootPath, $"lib{name}.so.{version}")) : 0;
}
