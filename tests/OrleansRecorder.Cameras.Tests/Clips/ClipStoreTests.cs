using OrleansRecorder.Cameras.Clips;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Cameras.Tests.Clips;

public sealed class ClipStoreTests : IDisposable
{
    private static readonly ClipFormat Format = ClipFormat.Of(new CameraOptions { Number = 12 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clip_is_made_once_and_found_by_the_next_process()
    {
        await Store().Video(Format);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        var made = File.GetLastWriteTimeUtc(file);

        var track = await Store().Video(Format);
        Assert.Equal(made, File.GetLastWriteTimeUtc(file));
        Assert.Equal(100, track.Units.Length);
        Assert.Equal(4, track.Units.Count(u => u.IsKey));
    }

    [Fact]
    public async Task Several_processes_may_make_the_same_clip_at_once()
    {
        var tracks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store().Video(Format)));
        Assert.All(tracks, t => Assert.Equal(100, t.Units.Length));
        Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_damaged_clip_is_made_anew()
    {
        await Store().Video(Format);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        var length = new FileInfo(file).Length;
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..(int)(length / 2)]);

        Assert.Equal(100, (await Store().Video(Format)).Units.Length);
        Assert.InRange(new FileInfo(file).Length, length * 9 / 10, length * 11 / 10);
    }

    [Fact]
    public async Task A_failure_is_told_and_does_not_last()
    {
        var blocked = _folder["file"];
        await File.WriteAllTextAsync(blocked, "");
        var store = new ClipStore(blocked, CancellationToken.None);
        await Assert.ThrowsAnyAsync<IOException>(() => store.Video(Format));

        File.Delete(blocked);
        Assert.Equal(100, (await store.Video(Format)).Units.Length);
    }

    [Theory]
    [InlineData(VideoCodec.H264, 128_000, 25, 25, 320, 240)]
    [InlineData(VideoCodec.H264, 1_000_000, 25, 25, 320, 240)]
    [InlineData(VideoCodec.H264, 4_000_000, 30, 60, 640, 480)]
    [InlineData(VideoCodec.H265, 500_000, 15, 30, 320, 240)]
    public async Task A_clip_has_the_bit_rate_and_the_key_frames_that_were_asked_for(VideoCodec codec, int bitRate, int frameRate, int interval, int width, int height)
    {
        var format = ClipFormat.Of(new CameraOptions { Number = 3, Codec = codec, BitRate = bitRate, FrameRate = frameRate, KeyFrameInterval = interval, Width = width, Height = height });
        var track = await Store().Video(format);

        Assert.InRange(track.Units.Sum(u => u.Length) * 8.0 / track.Seconds, bitRate * 0.75, bitRate * 1.25);
        Assert.Equal(format.FrameCount, track.Units.Length);
        for (var i = 0; i < track.Units.Length; i++) Assert.Equal(i % interval == 0, track.Units[i].IsKey);
    }

    [Theory]
    [InlineData(25, 25, 4)]
    [InlineData(25, 50, 4)]
    [InlineData(25, 125, 5)]
    [InlineData(25, 30, 6)]
    [InlineData(25, 250, 10)]
    [InlineData(1, 600, 600)]
    public void A_clip_is_whole_seconds_and_whole_groups_of_pictures_where_it_can(int frameRate, int interval, int seconds) =>
        Assert.Equal(seconds, ClipFormat.Of(new CameraOptions { Number = 1, FrameRate = frameRate, KeyFrameInterval = interval }).Seconds);

    private ClipStore Store() => new(_folder.Path, CancellationToken.None);
}
