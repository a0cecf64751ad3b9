using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Players that we did not write: FFmpeg, GStreamer, and the browser's video element.</summary>
internal static class Players
{
    private const double Frame = 0.04;

    /// <summary>Every file plays from its beginning to its end in all of them, with all pictures, and seeks. Returns what the browser said.</summary>
    public static async Task<IReadOnlyList<Chromium.Played>> MustPlay(IEnumerable<byte[]> files, MuxedClip clip)
    {
        using var folder = new TemporaryFolder();
        var paths = files.Select((bytes, i) =>
        {
            var path = folder[$"{i}.mp4"];
            File.WriteAllBytes(path, bytes);
            return path;
        }).ToArray();

        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (path, _) =>
        {
            await Mp4File.MustBeSound(path);
            Assert.Equal(clip.Pictures.Count, (await Mp4File.Packets(path)).Count);
            Assert.Equal(clip.Pictures.Count, await PicturesInGStreamer(path));
        });

        var length = clip.Pictures.Count * Frame;
        var played = await Chromium.Play(paths, seekTo: length / 2);
        Assert.Equal(paths.Length, played.Count);
        Assert.All(played, file =>
        {
            Assert.Equal("", file.Error);
            Assert.Equal(length / 2, file.SeekedTo, 0.001);
            Assert.True(file.ReadyState >= 2, "it has the picture there");
            Assert.Equal(length, file.EndedAt, Frame * 2);
        });
        return played;
    }

    /// <summary>How many pictures GStreamer's demuxer finds; with decoders behind it, how many come out of these.</summary>
    public static async Task<int> PicturesInGStreamer(string path, params string[] decoders)
    {
        string[] elements = [.. decoders.SelectMany(element => new[] { "!", element }), "!", "fakesink", "silent=false", "sync=false"];
        var output = await Shell.Run("gst-launch-1.0", ["-v", "filesrc", $"location={path}", "!", "qtdemux", "name=demux", "demux.video_0", .. elements]);
        if (output.ExitCode != 0) throw new InvalidDataException($"GStreamer does not read {path}: {output.Errors}");
        return output.Text.Split('\n').Count(line => line.Contains("last-message = chain", StringComparison.Ordinal));
    }
}
