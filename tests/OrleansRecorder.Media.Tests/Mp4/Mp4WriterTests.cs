using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Mp4;

/// <summary>Files of every codec, read by FFmpeg and GStreamer, which we did not write.</summary>
public sealed class Mp4WriterTests
{
    [Theory]
    [InlineData("-c:v libx264 -preset ultrafast -bf 0", "-c:a aac -ar 16000", "avc1", "mp4a")]
    [InlineData("-c:v libx264 -preset veryfast -bf 2", "-c:a libopus", "avc1", "Opus")]
    [InlineData("-c:v libx265 -preset ultrafast -x265-params log-level=error", null, "hvc1", null)]
    [InlineData("-c:v mpeg4 -bf 0", null, "mp4v", null)]
    [InlineData("-c:v mjpeg", null, "mp4v", null)]
    public async Task Every_codec_has_the_samples_that_went_in_with_their_times_while_it_is_written_and_folded(string video, string? sound, string videoTag, string? soundTag)
    {
        var clip = await MuxedClip.Encode(2.2, video, sound);
        using var folder = new TemporaryFolder();
        var file = clip.Write();
        await File.WriteAllBytesAsync(folder["fragments.mp4"], file.Bytes);
        await File.WriteAllBytesAsync(folder["folded.mp4"], file.Fold().Bytes);

        foreach (var path in new[] { folder["fragments.mp4"], folder["folded.mp4"] })
        {
            await Mp4File.MustBeSound(path);
            Assert.Equal(videoTag, await Mp4File.Entry(path, "v", "stream=codec_tag_string"));
            Assert.Equal(clip.Pictures.Select(p => (p.Data.Length, p.Decode, p.Presentation, p.IsSync)), await Samples(path, "v"));
            Assert.Equal(clip.Pictures.Count, await Players.PicturesInGStreamer(path));
            Assert.Equal(55 / 25.0, await Mp4File.Duration(path), 0.001);
            if (soundTag is null) continue;
            Assert.Equal(soundTag, await Mp4File.Entry(path, "a", "stream=codec_tag_string"));
            var frames = clip.Frames.Select((f, i) => (f.Data.Length, (long)i * clip.Sound!.FrameSize)).ToArray();
            Assert.Equal(frames, (await Samples(path, "a")).Select(s => (s.Length, s.Decode)));
        }
    }

    private static async Task<(int Length, long Decode, long Presentation, bool IsSync)[]> Samples(string path, string kind)
    {
        var output = await Shell.Run("ffprobe", "-v", "error", "-select_streams", kind, "-show_entries", "packet=pts,dts,size,flags", "-of", "csv=p=0", path);
        Assert.Empty(output.Errors);
        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd(',').Split(','))
            .Select(f => (int.Parse(f[2]), long.Parse(f[1]), long.Parse(f[0]), f[3].StartsWith('K')))];
    }
}
