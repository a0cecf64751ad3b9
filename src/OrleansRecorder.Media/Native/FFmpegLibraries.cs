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
    private static string _folder = "";

    /// <summary>FFmpeg's library version, such as <c>59.27.100</c>. Loads the libraries if need be.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or of another version; the message names the Debian package.</exception>
    public static string Version => Loaded.Value;

    /// <inheritdoc cref="Version" path="/exception"/>
    /// <summary>Loads FFmpeg's libraries; later calls cost nothing.</summary>
    /// <param name="folder">Where they are; null or empty for the system's own folders. Only the first call's counts.</param>
    public static void EnsureLoaded(string? folder = null)
    {
        if (!Loaded.IsValueCreated) _folder = folder ?? "";
        _ = Loaded.Value;
    }

    /// <summary>What to tell someone whose system lacks libraries.</summary>
    internal static string Missing(IReadOnlyCollection<(string File, string Package)> libraries) =>
        $"FFmpeg is missing {string.Join(", ", libraries.Select(l => l.File))}. Install it (Debian 12: apt-get install {string.Join(' ', libraries.Select(l => l.Package))}) and start again.";

    private static string Load()
    {
        var missing = Array.FindAll(Needed, library => !NativeLibrary.TryLoad(Path.Combine(_folder, library.File), out _));
        if (missing.Length > 0) throw new DllNotFoundException(Missing(missing));

        // Without a folder the loader searches the system's own: they have different names on every architecture.
        ffmpeg.RootPath = _folder;
        var version = ffmpeg.avformat_version();
        if (version >> 16 != Major) throw new DllNotFoundException($"FFmpeg's libavformat is version {version >> 16}, the recorder needs {Major} (Debian 12: apt-get install libavformat59).");
        _ = ffmpeg.avformat_network_init();
        FFmpegLog.Install();
        return $"{version >> 16}.{(version >> 8) & 0xff}.{version & 0xff}";
    }
}
