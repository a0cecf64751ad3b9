using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>Cameras that change their parameter sets while they are recorded: nothing is lost, everything decodes to what was sent, and files stay few.</summary>
public sealed class ParameterSetChangeTests
{
    private const int Gop = 25;
    private const string Quiet = "-x265-params log-level=none";

    // Each P before the two pictures that are shown before it.
    private static readonly int[] OrderWithTwoB = [0, .. Enumerable.Range(0, 8).SelectMany(i => new[] { (3 * i) + 3, (3 * i) + 1, (3 * i) + 2 })];

    [Theory]
    [InlineData("h264", "-bf 0 -refs 1", "-bf 0 -refs 4 -x264-params chroma-qp-offset=4", "avc1")]
    [InlineData("hevc", "-bf 0 -refs 1 " + Quiet, "-bf 0 " + Quiet + ":ref=4:cbqpoffs=3:crqpoffs=3:sao=0:strong-intra-smoothing=0", "hvc1")]
    public async Task Other_sets_of_the_same_size_begin_a_file_whose_header_has_them(string codec, string before, string after, string tag)
    {
        var (first, second) = (await Clip.Encode("320x240", 2, codec, before), await Clip.Encode("320x240", 2, codec, after));
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([first.Track]);
        attempt.Play(first, 0, 50);
        attempt.Play(second, 50, 50);

        Assert.Equal(["camera.mp4", "camera.part2.mp4"], (await attempt.Close()).Select(part => part.Filename));
        Assert.Equal(await HashesOf(first), await Hashes(attempt["camera.mp4"]));
        Assert.Equal(await HashesOf(second), await Hashes(attempt["camera.part2.mp4"]));
        Assert.Equal(tag, await Mp4File.Entry(attempt["camera.part2.mp4"], "v", "stream=codec_tag_string"));
    }

    [Theory]
    [InlineData("h264", "-bf 0 -refs 1", "-bf 0 -refs 4 -x264-params chroma-qp-offset=4", "avc1")]
    [InlineData("hevc", "-bf 0 " + Quiet, "-bf 0 " + Quiet + ":ref=4:cbqpoffs=3:crqpoffs=3:sao=0:strong-intra-smoothing=0", "hvc1")]
    public async Task Sets_that_flap_make_three_files_and_lose_nothing(string codec, string one, string other, string tag)
    {
        var clips = new[] { await Clip.Encode("320x240", 1, codec, one), await Clip.Encode("320x240", 1, codec, other) };
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([clips[0].Track]);
        for (var i = 0; i < 12; i++) attempt.Play(clips[i % 2], i * Gop, Gop);

        string[] files = [.. (await attempt.Close()).Select(part => part.Filename)];
        Assert.Equal(["camera.mp4", "camera.part2.mp4", "camera.part3.mp4"], files);
        List<string> hashes = [];
        foreach (var file in files)
        {
            await Mp4File.MustBeSound(attempt[file]);
            hashes.AddRange(await Hashes(attempt[file]));
        }

        string[][] sent = [await HashesOf(clips[0]), await HashesOf(clips[1])];
        Assert.Equal(Enumerable.Range(0, 12).SelectMany(i => sent[i % 2]), hashes);
        Assert.Equal(tag, await Mp4File.Entry(attempt[files[2]], "v", "stream=codec_tag_string"));
        // Each key frame is a place to begin.
        Assert.Equal(sent[1], (await Hashes(attempt[files[2]], "-ss", "5")).Take(Gop));
        Assert.Equal(10 * Gop, await Players.PicturesInGStreamer(attempt[files[2]], codec == "h264" ? ["h264parse", "avdec_h264"] : ["h265parse", "avdec_h265"]));
        if (codec != "h264") return;
        var played = Assert.Single(await Chromium.Play([attempt[files[2]]], seekTo: 5));
        Assert.Equal(("", 10.0), (played.Error, Math.Round(played.EndedAt, 1)));
    }

    [Fact]
    public async Task Sets_that_only_come_again_begin_nothing()
    {
        var clip = await Clip.Encode("320x240", 1);
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([clip.Track]);
        for (var i = 0; i < 6; i++) attempt.Play(clip, i * Gop, Gop);

        Assert.Single(await attempt.Close());
        Assert.Equal("avc1", await Mp4File.Entry(attempt["camera.mp4"], "v", "stream=codec_tag_string"));
    }

    [Theory]
    [InlineData("h264", "-bf 0")]
    [InlineData("hevc", "-bf 0 " + Quiet)]
    public async Task A_set_that_is_longer_than_any_file_can_hold_ends_nothing(string codec, string options)
    {
        var clip = await Clip.Encode("320x240", 1, codec, options);
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([clip.Track]);
        attempt.Play(clip, 0, Gop);
        var garbage = new byte[70_000];
        Array.Fill(garbage, (byte)0x55);
        foreach (var set in Sets(clip))
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(40));
            Assert.True(attempt.Picture(clip, 0, 90_000, sets: [0, 0, 0, 1, .. set, .. garbage]), $"{attempt.Recorder.Failure}");
        }

        Assert.Single(await attempt.Close());
        Assert.Equal(await HashesOf(clip), (await Hashes(attempt["camera.mp4"])).Take(Gop));
    }

    [Fact]
    public async Task Pictures_in_another_order_from_some_moment_on_are_shown_in_theirs()
    {
        const string Main = "-coder 1 -refs 2 ";
        var (first, second) = (await Clip.Encode("320x240", 2, options: Main + "-bf 0"),
            await Clip.Encode("320x240", 2, options: Main + "-bf 2 -b_strategy 0 -x264-params b-pyramid=none:scenecut=0"));
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([first.Track]);
        attempt.Play(first, 0, 50);
        for (var i = 0; i < 50; i++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(40));
            Assert.True(attempt.Picture(second, i, (50 + (i / Gop * Gop) + OrderWithTwoB[i % Gop]) * 3600L));
        }

        Assert.Equal(2, (await attempt.Close()).Length);
        await Mp4File.MustBeSound(attempt["camera.part2.mp4"]);
        Assert.Equal(await HashesOf(first), await Hashes(attempt["camera.mp4"]));
        Assert.Equal(await HashesOf(second), await Hashes(attempt["camera.part2.mp4"]));
        var shown = (await Mp4File.Packets(attempt["camera.part2.mp4"])).Select(packet => (int)Math.Round(packet.Pts * 25));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (i / Gop * Gop) + OrderWithTwoB[i % Gop]), shown);
    }

    [Fact]
    public async Task An_order_that_nothing_told_is_right_from_the_next_key_frame_on()
    {
        var (first, second) = (await MuxedClip.Encode(2, "-c:v mpeg4 -bf 0", sound: null), await MuxedClip.Encode(4, "-c:v mpeg4 -bf 2 -flags +cgop -sc_threshold 1000000000", sound: null));
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([new MediaTrack { Index = 0, Kind = MediaKind.Video, Codec = "mpeg4", ClockRate = 90000, Width = 320, Height = 180, Extradata = first.Video.Extradata }]);
        foreach (var (picture, shift) in first.Pictures.Select(picture => (picture, 0)).Concat(second.Pictures.Select(picture => (picture, 180_000))))
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(40));
            Assert.True(attempt.Recorder.OnPacket(new MediaPacket { Track = 0, Pts = picture.Presentation + shift, IsKey = picture.IsSync, Data = picture.Data }));
        }

        Assert.Equal(2, (await attempt.Close()).Length);
        var next = second.Pictures.Skip(1).First(picture => picture.IsSync);
        var shown = (await Mp4File.Packets(attempt["camera.part2.mp4"])).Select(packet => (long)Math.Round(packet.Pts * 90000));
        Assert.Equal(second.Pictures.SkipWhile(picture => picture != next).Select(picture => picture.Presentation - next.Presentation), shown);
        Assert.Equal(first.Pictures.Count + second.Pictures.Count, shown.Count() + (await Mp4File.Packets(attempt["camera.mp4"])).Count);
    }

    private static List<byte[]> Sets(Clip clip)
    {
        var sets = new List<byte[]>();
        foreach (var unit in new AnnexB(AccessUnit.Inspect(clip.Codec, clip.Packet(0, 0).Data).ParameterSets))
        {
            if (NalKinds.Of(clip.Codec, unit[0]) != NalKind.Other) sets.Add(unit.ToArray());
        }

        return sets;
    }

    private static async Task<string[]> HashesOf(Clip clip)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["clip." + clip.Codec], clip.AnnexB);
        return await Hashes(folder["clip." + clip.Codec]);
    }

    private static async Task<string[]> Hashes(string path, params string[] before)
    {
        var output = await Shell.Run("ffmpeg", ["-v", "error", "-xerror", .. before, "-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-"]);
        Assert.Equal("", output.Errors);
        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
    }
}
