using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace OrleansRecorder.Media.Native;

/// <summary>Finds FFmpeg's libraries, once, with an error that says what to install.</summary>
public static class FFmpegLibraries
{
    private const int Major = 59;

    private static readonly (string File, string Package)[] Needed =
    [
        ("libavutil.so.57", "libavutil57"), ("libswresample.so.4", "libswresample4"), ("libavcodec.so.59", "libavcodec59"), ("libavformat.so.59", "libavformat59"),
    ];

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>FFmpeg's library version, such as <c>59.27.100</c>. Loads the libraries if need be.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or of another version; the message names the Debian package.</exception>
    public static string Version => Loaded.Value;

    /// <inheritdoc cref="Version" path="/exception"/>
    /// <summary>Loads FFmpeg's libraries; later calls cost nothing.</summary>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>What to tell someone whose system lacks a library.</summary>
    internal static string Missing(string file, string package) =>
        $"The FFmpeg library {file} is missing. Install it (Debian 12: apt-get install {package}) and start again.";

    private static string Load()
    {
        foreach (var (file, package) in Needed)
        {
            if (!NativeLibrary.TryLoad(file, out _)) throw new DllNotFoundException(Missing(file, package));
        }

        // The loader searches the system's own folders: they have different names on every architecture.
        ffmpeg.RootPath = "";
        var version = ffmpeg.avformat_version();
        if (version >> 16 != Major) throw new DllNotFoundException($"FFmpeg's libavformat is version {version >> 16}, the recorder needs {Major} (Debian 12: apt-get install libavformat59).");
        _ = ffmpeg.avformat_network_init();
        FFmpegLog.Install();
        return $"{version >> 16}.{(version >> 8) & 0xff}.{version & 0xff}";
    }
}
