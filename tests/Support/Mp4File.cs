using System.Globalization;

namespace OrleansRecorder.Testing;

/// <summary>What an independent reader (ffprobe, ffmpeg) says of a recording.</summary>
public static class Mp4File
{
    /// <summary>An entry such as <c>stream=codec_name</c> of the first stream of a kind (<c>v</c> or <c>a</c>), as ffprobe shows it; empty when there is none.</summary>
    public static async Task<string> Entry(string path, string kind, string entry) =>
        (await Shell.Run("ffprobe", "-v", "error", "-select_streams", kind + ":0", "-show_entries", entry, "-of", "csv=p=0", path)).Text.Trim();

    /// <summary>The duration of the first stream of a kind in seconds, the time of the last sample included, which packets do not show; 0 when there is none.</summary>
    public static async Task<double> Duration(string path, string kind = "v") => await Entry(path, kind, "stream=duration") is { Length: > 0 } text ? Number(text) : 0;

    /// <summary>One packet as ffprobe shows it; times in seconds.</summary>
    public sealed record Packet(double Pts, double Dts, double Duration, bool IsKey);

    /// <summary>All packets of the first stream of a kind.</summary>
    public static async Task<IReadOnlyList<Packet>> Packets(string path, string kind = "v")
    {
        var output = await Shell.Run("ffprobe", "-v", "error", "-select_streams", kind + ":0", "-show_entries", "packet=pts_time,dts_time,duration_time,flags", "-of", "csv=p=0", path);
        if (output.ExitCode != 0 || output.Errors.Length > 0) throw new InvalidDataException($"ffprobe {path}: {output.Errors}");
        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd(',').Split(',')).Where(f => f.Length >= 4)
            .Select(f => new Packet(Number(f[0]), Number(f[1]), Number(f[2]), f[3].StartsWith('K')))];
    }

    /// <summary>
    /// Checks what every recording must hold: it opens, decodes without an error, begins with a key frame and its DTS rise strictly.
    /// Throws <see cref="InvalidDataException"/> with the reason otherwise.
    /// </summary>
    public static async Task MustBeSound(string path)
    {
        var decode = await Shell.Run("ffmpeg", "-v", "error", "-xerror", "-i", path, "-map", "0", "-f", "null", "-");
        if (decode.ExitCode != 0 || decode.Errors.Length > 0) throw new InvalidDataException($"{path} does not decode: {decode.Errors}");

        var video = await Packets(path);
        if (video.Count == 0) throw new InvalidDataException($"{path} has no video");
        if (!video[0].IsKey) throw new InvalidDataException($"{path} does not begin with a key frame");
        foreach (var kind in new[] { "v", "a" })
        {
            var packets = await Packets(path, kind);
            for (var i = 1; i < packets.Count; i++)
            {
                if (packets[i].Dts <= packets[i - 1].Dts) throw new InvalidDataException($"{path}: DTS {packets[i].Dts} after {packets[i - 1].Dts} in {kind}:0");
            }
        }
    }

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}
