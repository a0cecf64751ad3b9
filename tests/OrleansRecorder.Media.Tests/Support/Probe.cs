using System.Globalization;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>What ffprobe says of a stream as a whole.</summary>
internal static class Probe
{
    /// <summary>An entry such as <c>stream=codec_name</c> of the first stream of a kind; empty when there is none.</summary>
    public static async Task<string> Entry(string file, string kind, string entry) =>
        (await Shell.Run("ffprobe", "-v", "error", "-select_streams", kind + ":0", "-show_entries", entry, "-of", "csv=p=0", file)).Text.Trim();

    /// <summary>Seconds, the time of the last sample included, which packets do not show.</summary>
    public static async Task<double> Duration(string file, string kind = "v") =>
        double.Parse(await Entry(file, kind, "stream=duration"), CultureInfo.InvariantCulture);
}
