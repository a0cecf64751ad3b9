using OrleansRecorder.Testing;

namespace OrleansRecorder.Cameras.Tests;

/// <summary>FFmpeg and GStreamer record every kind of camera, past the joint of its loop, all at the same time.</summary>
public sealed class PlaybackTests(PlaybackTests.Recordings recordings) : IClassFixture<PlaybackTests.Recordings>
{
    private const int Seconds = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_camera_that_ffmpeg_records_gives_sound_video_with_every_frame_in_turn(int number)
    {
        var file = await recordings.FFmpeg[number];
        var camera = recordings.Server.Find(number)!;

        await Mp4File.MustBeSound(file);
        await MustShowEveryFrame(file, camera, atLeast: (Seconds * 25) - 10);
        Assert.InRange(await Mp4File.Duration(file), Seconds - 0.5, Seconds + 0.5);
        if (camera.Options.Audio != AudioCodec.None)
        {
            Assert.InRange(await Mp4File.Duration(file, "a"), Seconds - 0.5, Seconds + 0.5);
            Assert.InRange(await ToneOf(file), 980, 1020);
        }
    }

    [Fact]
    public async Task A_camera_that_GStreamer_records_shows_every_frame_in_turn()
    {
        var file = await recordings.GStreamer;
        await MustShowEveryFrame(file, recordings.Server.Find(1)!, atLeast: 110);
    }

    private static async Task MustShowEveryFrame(string file, Camera camera, int atLeast)
    {
        var pictures = await Picture.AllOf(file);
        Assert.True(pictures.Count >= atLeast, $"{pictures.Count} pictures");
        var last = -1;
        for (var i = 0; i < pictures.Count; i++)
        {
            Assert.True(FrameCode.TryRead(pictures[i].Luma, pictures[i].Width, pictures[i].Height, pictures[i].Width, out var number, out var counter), $"picture {i} cannot be read");
            Assert.Equal(camera.Number, number);
            if (last >= 0) Assert.Equal((last + 1) % camera.FramesPerLoop, counter);
            last = counter;
        }
    }

    // Counts how often the wave rises through zero.
    private static async Task<double> ToneOf(string file)
    {
        using var folder = new TemporaryFolder();
        var wave = folder["sound.raw"];
        await Shell.Run("ffmpeg", "-v", "error", "-i", file, "-vn", "-f", "s16le", "-ac", "1", "-ar", "16000", wave);
        var bytes = await File.ReadAllBytesAsync(wave);
        var rises = 0;
        for (var i = 2; i + 1 < bytes.Length; i += 2)
        {
            if (BitConverter.ToInt16(bytes, i - 2) < 0 && BitConverter.ToInt16(bytes, i) >= 0) rises++;
        }

        return rises * 16000.0 / (bytes.Length / 2);
    }

    /// <summary>The cameras, and the clients that record them.</summary>
    public sealed class Recordings : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal CameraServer Server { get; } = TestServer.Start();

        internal Dictionary<int, Task<string>> FFmpeg { get; } = [];

        internal Task<string> GStreamer { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var kinds = new (VideoCodec Video, AudioCodec Audio, string Transport)[]
            {
                (VideoCodec.H264, AudioCodec.Aac, "tcp"), (VideoCodec.H264, AudioCodec.Aac, "udp"), (VideoCodec.H264, AudioCodec.G711, "tcp"),
                (VideoCodec.H264, AudioCodec.None, "udp"), (VideoCodec.H265, AudioCodec.Aac, "tcp"), (VideoCodec.H265, AudioCodec.G711, "udp")
            };
            for (var i = 0; i < kinds.Length; i++) Server.Add(new CameraOptions { Number = i + 1, Codec = kinds[i].Video, Audio = kinds[i].Audio });
            await Server.PrepareAsync();
            for (var i = 0; i < kinds.Length; i++) FFmpeg[i + 1] = RecordWithFFmpeg(Server.Find(i + 1)!, kinds[i].Transport);
            GStreamer = RecordWithGStreamer(Server.Find(1)!);
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            _folder.Dispose();
        }

        private async Task<string> RecordWithFFmpeg(Camera camera, string transport)
        {
            var file = _folder[$"{camera.Number}.mov"];
            var result = await Shell.Run("ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", transport, "-i", camera.Url, "-t", $"{Seconds}", "-map", "0", "-c", "copy", file);
            Assert.True(result.ExitCode == 0, result.Errors);
            return file;
        }

        private async Task<string> RecordWithGStreamer(Camera camera)
        {
            var file = _folder["gstreamer.h264"];
            var result = await Shell.Run("gst-launch-1.0", "-q", "-e", "rtspsrc", $"location={camera.Url}", "protocols=tcp", "!", "rtph264depay", "!",
                "h264parse", "!", "video/x-h264,stream-format=byte-stream,alignment=au", "!", "identity", "eos-after=120", "!", "filesink", $"location={file}");
            Assert.True(result.ExitCode == 0, result.Errors);
            return file;
        }
    }
}
