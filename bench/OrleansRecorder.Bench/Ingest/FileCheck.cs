using System.Diagnostics;
using System.Globalization;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>Decodes files and reads the number in each picture: every frame must be there, once and in order.</summary>
internal static class FileCheck
{
    // As the cameras paint it, see CameraOptions.
    private const int Width = 320;
    private const int Height = 240;

    /// <summary>Checks <c>0.mp4</c>, <c>1.mp4</c>… which hold cameras 1, 2….</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="files">Their number.</param>
    /// <param name="leastFrames">Each must hold as many.</param>
    /// <param name="loop">The counter begins again after so many frames.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<FileCounts> Run(string folder, int files, int leastFrames, int loop, CancellationToken stop)
    {
        var (whole, frames) = (0, 0);
        string? problem = null;
        await Parallel.ForEachAsync(Enumerable.Range(0, files), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (number, _) =>
        {
            var path = Path.Combine(folder, $"{number}.mp4");
            var (count, trouble) = await Count(path, number + 1, loop, stop);
            if (trouble is null && count < leastFrames) trouble = $"{count} frames instead of {leastFrames}";
            Interlocked.Add(ref frames, count);
            if (trouble is null) Interlocked.Increment(ref whole);
            else Interlocked.CompareExchange(ref problem, $"{number}.mp4: {trouble}", null);
        });
        return new FileCounts(whole, frames, problem);
    }

    private static async Task<(int Frames, string? Trouble)> Count(string path, int camera, int loop, CancellationToken stop)
    {
        if (!File.Exists(path)) return (0, "is missing");
        var codeHeight = FrameCode.HeightOf(Width, Height);
        string[] arguments = ["-nostdin", "-v", "error", "-threads", "1", "-i", path, "-map", "0:v:0", "-vf", string.Create(CultureInfo.InvariantCulture, $"crop={Width}:{codeHeight}:0:0"),
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(stop);
        var luma = new byte[Width * codeHeight];
        var (frames, last) = (0, -1);
        string? trouble = null;
        while (await process.StandardOutput.BaseStream.ReadAtLeastAsync(luma, luma.Length, throwOnEndOfStream: false, stop) == luma.Length)
        {
            if (!FrameCode.TryRead(luma, Width, Height, Width, out var seen, out var counter) || seen != camera) trouble ??= $"frame {frames} cannot be read";
            else if (last >= 0 && counter != (last + 1) % loop) trouble ??= $"frame {frames} has number {counter} after {last}";
            last = counter;
            frames++;
        }

        await process.WaitForExitAsync(stop);
        if ((await errors).Trim() is { Length: > 0 } said) trouble ??= said.Split('\n')[0];
        return (frames, trouble);
    }
}
