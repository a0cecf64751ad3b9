using System.Diagnostics;
using System.Globalization;

namespace OrleansRecorder.Testing;

/// <summary>One decoded picture: its luma, a byte a pixel, without gaps between the rows.</summary>
public sealed record Picture(byte[] Luma, int Width, int Height)
{
    /// <summary>Every picture of the first video stream of a file, decoded by ffmpeg, in the order of presentation; none is repeated or left out.</summary>
    public static async Task<IReadOnlyList<Picture>> AllOf(string path)
    {
        var size = await Shell.Run("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", path);
        if (size.ExitCode != 0) throw new InvalidDataException($"ffprobe {path}: {size.Errors}");
        var numbers = size.Text.Trim().TrimEnd(',').Split(',');
        var (width, height) = (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));

        string[] arguments = ["-nostdin", "-v", "error", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true })!;
        List<Picture> pictures = [];
        while (true)
        {
            var luma = new byte[width * height];
            var read = await process.StandardOutput.BaseStream.ReadAtLeastAsync(luma, luma.Length, throwOnEndOfStream: false);
            if (read < luma.Length) break;
            pictures.Add(new Picture(luma, width, height));
        }

        await process.WaitForExitAsync();
        return pictures;
    }
}
