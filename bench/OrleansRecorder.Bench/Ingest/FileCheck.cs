using System.Diagnostics;
using System.Globalization;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>Decodes files, picture and sound, and reads the number in each picture: every frame that the camera sent must be there, once and in order.</summary>
internal static class FileCheck
{
    // As the cameras paint it, see CameraOptions.
    private const int Width = 320;
    private const int Height = 240;

    /// <summary>Checks <c>0.mp4</c>, <c>1.mp4</c>… which hold cameras 1, 2….</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="sessions">What each camera has sent, its sessions since the start of the recording, all of them ended.</param>
    /// <param name="leastFrames">Each camera must have sent as many.</param>
    /// <param name="loop">The counter begins again after so many frames.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<FileCounts> Run(string folder, IReadOnlyList<SessionRecord[]> sessions, int leastFrames, int loop, CancellationToken stop)
    {
        var counts = new FileCounts(0, 0, default, null);
        var counting = new Lock();
        await Parallel.ForEachAsync(Enumerable.Range(0, sessions.Count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (number, _) =>
        {
            var (frames, missing, trouble) = await Check(Path.Combine(folder, $"{number}.mp4"), number + 1, sessions[number], leastFrames, loop, stop);
            lock (counting)
            {
                counts = new FileCounts(counts.Whole + (trouble is null ? 1 : 0), counts.Frames + frames, counts.Missing + missing, counts.Problem ?? (trouble is null ? null : $"{number}.mp4: {trouble}"));
            }
        });
        return counts;
    }

    private static async Task<(int Frames, Missing Missing, string? Trouble)> Check(string path, int camera, SessionRecord[] sessions, int leastFrames, int loop, CancellationToken stop)
    {
        var read = File.Exists(path) ? await Decode(path, camera, loop, stop) : new Pictures(0, 0, 0, "is missing");
        if (sessions is not [{ Video: { } sent, Reason: var reason }]) return (read.Frames, default, read.Trouble ?? $"its camera sent video in {sessions.Count(s => s.Video is not null)} of {sessions.Length} sessions instead of one");
        if (read.Frames == 0) return (0, new Missing(0, sent.Frames, 0), read.Trouble ?? "holds no frame");
        var missing = Missing.Of(sent, read.First, read.Last, read.Frames, loop);
        return (read.Frames, missing, read.Trouble ?? missing.Trouble ?? (sent.Frames < leastFrames ? $"its camera sent {sent.Frames} frames instead of {leastFrames}: {reason}" : null));
    }

    private static async Task<Pictures> Decode(string path, int camera, int loop, CancellationToken stop)
    {
        var codeHeight = FrameCode.HeightOf(Width, Height);
        string[] arguments = ["-nostdin", "-v", "error", "-threads", "1", "-i", path, "-map", "0:v:0", "-vf", string.Create(CultureInfo.InvariantCulture, $"crop={Width}:{codeHeight}:0:0"),
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-", "-map", "0:a", "-f", "null", "-"];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(stop);
        var luma = new byte[Width * codeHeight];
        var (frames, first, last) = (0, -1, -1);
        string? trouble = null;
        while (await process.StandardOutput.BaseStream.ReadAtLeastAsync(luma, luma.Length, throwOnEndOfStream: false, stop) == luma.Length)
        {
            if (!FrameCode.TryRead(luma, Width, Height, Width, out var seen, out var counter) || seen != camera) trouble ??= $"frame {frames} cannot be read";
            else if (last >= 0 && counter != (last + 1) % loop) trouble ??= $"frame {frames} has number {counter} after {last}";
            if (frames == 0) first = counter;
            last = counter;
            frames++;
        }

        await process.WaitForExitAsync(stop);
        if ((await errors).Trim() is { Length: > 0 } said) trouble ??= said.Split('\n')[0];
        if (process.ExitCode != 0) trouble ??= $"cannot be decoded: ffmpeg ended with {process.ExitCode}";
        return new Pictures(frames, first, last, trouble);
    }

    private readonly record struct Pictures(int Frames, int First, int Last, string? Trouble);
}
