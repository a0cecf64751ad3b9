using System.Buffers.Binary;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Media.Threads;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>Sound beside the picture: 25 pictures and 50 packets a second, as they would arrive.</summary>
public sealed class SoundTests(SoundTests.Picture picture) : IClassFixture<SoundTests.Picture>
{
    private const int Tick = 20;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly MediaTrack Opus = new() { Index = 1, Kind = MediaKind.Audio, Codec = "opus", ClockRate = 48000, SampleRate = 48000, Channels = 1 };
    private static readonly MediaTrack Alaw = new() { Index = 1, Kind = MediaKind.Audio, Codec = "pcm_alaw", ClockRate = 8000, SampleRate = 8000, Channels = 1 };

    [Fact]
    public async Task Sound_that_arrives_late_lies_where_the_senders_clock_has_it()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Opus]);
        Play(attempt, ticks: 250, lag: 25, reportsFrom: 0);
        await attempt.Close();

        Assert.Empty(attempt.State.Warnings);
        var sound = await Mp4File.Packets(attempt["camera.mp4"], "a");
        Assert.InRange(sound[0].Pts, -0.001, 0.081);
        Assert.All(sound.Zip(sound.Skip(1)), pair => Assert.Equal(0.02, pair.Second.Pts - pair.First.Pts, 0.0011));
        Assert.Equal("opus", await Mp4File.Entry(attempt["camera.mp4"], "a", "stream=codec_name"));
    }

    [Fact]
    public async Task Without_reports_sound_lies_where_it_arrived()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Opus]);
        Play(attempt, ticks: 250, lag: 25, reportsFrom: int.MaxValue);
        await attempt.Close();

        Assert.Equal(0.5, (await Mp4File.Packets(attempt["camera.mp4"], "a"))[0].Pts, 0.05);
    }

    [Fact]
    public async Task Reports_that_come_after_three_seconds_move_the_sound_once_without_two_sounds_at_one_time()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Opus]);
        Play(attempt, ticks: 400, lag: 25, reportsFrom: 150);
        await attempt.Close();

        var sound = await Mp4File.Packets(attempt["camera.mp4"], "a");
        Assert.All(sound.Zip(sound.Skip(1)), pair => Assert.InRange(pair.Second.Pts - pair.First.Pts, 0.018, 0.1));
        // 375 packets came, and half a second of them, 25, had to go; the last one was captured at 374 ticks.
        Assert.InRange(sound.Count, 348, 352);
        Assert.Equal(374 * 0.02, sound[^1].Pts, 0.08);
    }

    [Fact]
    public async Task Sound_that_a_file_cannot_hold_is_encoded_and_sounds_the_same()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Alaw]);
        for (var tick = 0; tick < 200; tick++)
        {
            // The encoder has time of its own.
            while (tick == 1 && attempt.Recorder.SoundFormat is null) await Task.Delay(5, deadline.Token);
            attempt.Time.Advance(TimeSpan.FromMilliseconds(Tick));
            Assert.True(attempt.Recorder.OnPacket(new MediaPacket { Track = 1, Pts = 5000 + (tick * 160), Data = Tone(tick) }));
            if (tick % 2 == 0) Assert.True(attempt.Picture(picture.Clip, tick / 2, tick / 2 * 3600));
        }

        await attempt.Close();
        var file = attempt["camera.mp4"];
        Assert.Contains("encoded as AAC", Assert.Single(attempt.State.Warnings).English, StringComparison.Ordinal);
        await Mp4File.MustBeSound(file);
        Assert.Equal("aac", await Mp4File.Entry(file, "a", "stream=codec_name"));
        Assert.Equal(4, await Mp4File.Duration(file, "a"), 0.3);
        Assert.Equal(1000, await Frequency(file), 50.0);
    }

    [Fact]
    public async Task Sound_that_nobody_can_read_costs_the_sound_only()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Alaw with { Codec = "nonsense" }]);
        attempt.Recorder.OnPacket(new MediaPacket { Track = 1, Pts = 0, Data = [1, 2, 3] });
        attempt.Play(picture.Clip, 0, 50);
        await attempt.Close();

        Assert.Contains("could not be stored", attempt.State.Warnings[^1].English, StringComparison.Ordinal);
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
        Assert.Empty(await Mp4File.Packets(attempt["camera.mp4"], "a"));
        Assert.Equal(50, (await Mp4File.Packets(attempt["camera.mp4"])).Count);
    }

    [Theory]
    [InlineData("G729", 0, "G729", "音频编码是 G729，无法录制")]
    [InlineData(null, 0, "makes no sense", "描述无法识别")]
    [InlineData("PCMA", 461, "refuses to send its sound (461)", "拒绝发送音频（461）")]
    public void Sound_that_is_no_track_is_told_of_once(string? codec, int refusal, string english, string chinese)
    {
        using var attempt = new Attempt();
        for (var i = 0; i < 2; i++)
        {
            attempt.Recorder.OnTracks([picture.Clip.Track]);
            attempt.Recorder.OnSoundLeftOut(new LeftOutSound(codec, refusal));
        }

        var warning = Assert.Single(attempt.State.Warnings);
        Assert.Contains(english, warning.English, StringComparison.Ordinal);
        Assert.Contains(chinese, warning.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sound_that_goes_on_while_the_picture_stands_still_does_not_pile_up()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Opus]);
        Play(attempt, ticks: 100, lag: 0, reportsFrom: int.MaxValue);
        for (var tick = 100; tick < 3000; tick++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(Tick));
            Sound(attempt, tick, null);
        }

        await attempt.Written();
        Assert.InRange(attempt.Pool.InUse, 0, 8 << 14);
        await attempt.Close();
        await Mp4File.Packets(attempt["camera.mp4"], "a");
    }

    [Fact]
    public async Task Sound_alone_is_on_the_disk_before_it_lasts_two_seconds()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([picture.Clip.Track, Opus]);
        Play(attempt, ticks: 100, lag: 0, reportsFrom: int.MaxValue);
        await attempt.Written();
        var (size, grew) = (new FileInfo(attempt.Target.Unfinished!).Length, 100);
        for (var tick = 100; tick < 500; tick++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(Tick));
            Sound(attempt, tick, null);
            await attempt.Written();
            if (new FileInfo(attempt.Target.Unfinished!).Length is var now && now > size) (size, grew) = (now, tick);
            Assert.InRange((tick - grew) * Tick, 0, 1700);
        }

        await attempt.Close();
        Assert.Equal(500, (await Mp4File.Packets(attempt["camera.mp4"], "a")).Count);
    }

    [Fact]
    public async Task An_encoder_that_says_nothing_keeps_no_picture_from_the_disk_for_two_seconds()
    {
        using var attempt = new Attempt();
        using var encoder = new HeldUp(attempt.Encoders);
        // A rate that no other test has, so that its format is not known yet.
        attempt.Recorder.OnTracks([picture.Clip.Track, Alaw with { SampleRate = 11025, ClockRate = 11025 }]);
        for (var i = 0; i < 100; i++)
        {
            attempt.Recorder.OnPacket(new MediaPacket { Track = 1, Pts = i * 441, Data = new byte[441] });
            attempt.Play(picture.Clip, i, 1);
            await attempt.Written();
            if (i < 48) continue;
            var onDisk = Mp4Recovery.Inspect(attempt.Target.Unfinished!);
            Assert.InRange(attempt.State.Recorded - onDisk.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }

        encoder.Release();
        await attempt.Close();
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
    }

    [Fact]
    public async Task A_file_need_not_wait_for_an_encoder_whose_format_is_known()
    {
        using var attempt = new Attempt();
        using (new AacTranscoder(Alaw))
        {
        }

        using var encoder = new HeldUp(attempt.Encoders);
        attempt.Recorder.OnTracks([picture.Clip.Track, Alaw]);
        for (var tick = 0; tick < 150; tick++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(Tick));
            Assert.True(attempt.Recorder.OnPacket(new MediaPacket { Track = 1, Pts = 5000 + (tick * 160), Data = Tone(tick) }));
            if (tick % 2 == 0) Assert.True(attempt.Picture(picture.Clip, tick / 2, tick / 2 * 3600));
        }

        encoder.Release();
        await attempt.Close();
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
        Assert.Equal(3, await Mp4File.Duration(attempt["camera.mp4"], "a"), 0.3);
        Assert.Contains("encoded as AAC", Assert.Single(attempt.State.Warnings).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sound_that_the_encoder_is_too_slow_for_is_left_out_and_told()
    {
        using var attempt = new Attempt();
        using var encoder = new HeldUp(attempt.Encoders);
        attempt.Recorder.OnTracks([picture.Clip.Track, Alaw]);
        attempt.Play(picture.Clip, 0, 25);
        // A megabyte may wait.
        for (var i = 0; i < 20; i++) attempt.Recorder.OnPacket(new MediaPacket { Track = 1, Pts = i * 65536, Data = new byte[65536] });

        Assert.Equal(4, attempt.Counters.LeftOutSound);
        Assert.Contains(attempt.State.Warnings, warning => warning.English.Contains("4 packets of sound", StringComparison.Ordinal));
        encoder.Release();
        await attempt.Close();
    }

    [Fact]
    public async Task Sound_that_a_slow_disk_has_no_room_for_is_left_out_and_told()
    {
        using var disk = new ManualResetEventSlim(initialState: true);
        using var attempt = new Attempt(memory: 1 << 18, write: (file, pieces, offset) =>
        {
            disk.Wait(TimeSpan.FromSeconds(60));
            RandomAccess.Write(file, pieces, offset);
        });
        attempt.Recorder.OnTracks([picture.Clip.Track, Opus]);
        Play(attempt, ticks: 100, lag: 0, reportsFrom: int.MaxValue);
        await attempt.Written();
        disk.Reset();
        var count = 100;
        for (; attempt.Counters.LeftOutSound < 10 && count < 20_000; count++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(Tick));
            if (count % 2 == 0) attempt.Picture(picture.Clip, count / 2, count / 2 * 3600);
            Sound(attempt, count, null);
        }

        Assert.Equal(10, attempt.Counters.LeftOutSound);
        disk.Set();
        await attempt.Close();
        Assert.Single(attempt.State.Warnings, warning => warning.English.Contains("10 packets of sound", StringComparison.Ordinal));
        Assert.Equal(count - 10, (await Mp4File.Packets(attempt["camera.mp4"], "a")).Count);
    }

    private void Play(Attempt attempt, int ticks, int lag, int reportsFrom)
    {
        for (var tick = 0; tick < ticks; tick++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(Tick));
            var hasReports = tick >= reportsFrom;
            if (tick % 2 == 0) Assert.True(attempt.Picture(picture.Clip, tick / 2, tick / 2 * 3600, hasReports ? Hour + TimeSpan.FromMilliseconds(tick * Tick) : null));
            if (tick >= lag) Sound(attempt, tick - lag, hasReports ? Hour + TimeSpan.FromMilliseconds((tick - lag) * Tick) : null);
        }
    }

    // 20 ms each; nobody has to decode them.
    private static void Sound(Attempt attempt, int number, TimeSpan? captured) =>
        Assert.True(attempt.Recorder.OnPacket(new MediaPacket { Track = 1, Pts = 77_777 + (number * 960L), Captured = captured, Data = [0xfc, 0xff, 0xfe] }));

    private static byte[] Tone(int tick) => [.. Enumerable.Range(tick * 160, 160).Select(i => ToAlaw((int)(8000 * Math.Sin(i * 2 * Math.PI * 1000 / 8000))))];

    // ITU-T G.711.
    private static byte ToAlaw(int sample)
    {
        var sign = sample >= 0 ? 0x80 : 0;
        var value = Math.Min(Math.Abs(sample), 32767) >> 4;
        var exponent = 0;
        for (var rest = value >> 5; rest > 0; rest >>= 1) exponent++;
        var mantissa = exponent == 0 ? (value >> 1) & 15 : (value >> exponent) & 15;
        return (byte)((sign | (exponent << 4) | mantissa) ^ 0x55);
    }

    private static async Task<double> Frequency(string file)
    {
        var raw = file + ".raw";
        var output = await Shell.Run("ffmpeg", "-v", "error", "-ss", "1", "-t", "2", "-i", file, "-vn", "-ar", "8000", "-ac", "1", "-f", "s16le", raw);
        Assert.Equal("", output.Errors);
        var bytes = await File.ReadAllBytesAsync(raw);
        var samples = Enumerable.Range(0, bytes.Length / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * 2))).ToList();
        return samples.Zip(samples.Skip(1)).Count(pair => pair.First < 0 && pair.Second >= 0) / (samples.Count / 8000.0);
    }

    /// <summary>An encoder's thread that is busy with something else.</summary>
    private sealed class HeldUp : IWorker, IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private readonly ManualResetEventSlim _begun = new();

        public HeldUp(WorkThreads threads)
        {
            threads.Schedule(this);
            Assert.True(_begun.Wait(TimeSpan.FromSeconds(30)));
        }

        public void Release() => _release.Set();

        public void Step()
        {
            _begun.Set();
            _release.Wait(TimeSpan.FromSeconds(60));
        }

        public void Dispose() => _release.Set();
    }

    /// <summary>Encoded once.</summary>
    public sealed class Picture : IAsyncLifetime
    {
        internal Clip Clip { get; private set; } = null!;

        public async Task InitializeAsync() => Clip = await Clip.Encode("160x120", seconds: 2);

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
