using System.Diagnostics;

namespace OrleansRecorder.Cameras.Tests.Quirks;

/// <summary>Cameras are as odd as they were told to be: otherwise a client that stands them proves nothing.</summary>
public sealed class PacketQuirkTests : IAsyncLifetime
{
    private readonly CameraServer _server = TestServer.Start();
    private int _number;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Markers_are_never_or_always_set()
    {
        Assert.DoesNotContain(await Play(new PacketQuirks { Marker = MarkerStyle.Never }), p => p.Marker);
        Assert.All(await Play(new PacketQuirks { Marker = MarkerStyle.Always }), p => Assert.True(p.Marker));
    }

    [Fact]
    public async Task A_new_source_begins_with_each_key_frame_and_may_count_anew()
    {
        var counting = await Play(new PacketQuirks { ChangesSource = true }, seconds: 2.5);
        Assert.True(counting.Select(Source).Distinct().Count() >= 2);
        Assert.All(counting.Zip(counting.Skip(1)), pair => Assert.Equal((ushort)(pair.First.Sequence + 1), pair.Second.Sequence));
        Assert.All(counting.Zip(counting.Skip(1)).Where(pair => Source(pair.First) != Source(pair.Second)), pair => Assert.Equal(24, pair.Second.NalType));

        var anew = await Play(new PacketQuirks { ChangesSource = true, RestartsSequence = true }, seconds: 2.5);
        Assert.Contains(anew.Zip(anew.Skip(1)), pair => (ushort)(pair.First.Sequence + 1) != pair.Second.Sequence);
    }

    [Fact]
    public async Task Every_tenth_frame_loses_a_packet_and_no_other()
    {
        var packets = await Play(new PacketQuirks { Size = 200, LosesPacketEvery = 10 }, seconds: 2);
        var gaps = packets.Zip(packets.Skip(1)).Where(pair => (ushort)(pair.First.Sequence + 1) != pair.Second.Sequence).ToList();
        Assert.InRange(gaps.Count, 3, 6);
        Assert.All(gaps, gap => Assert.Equal(gap.First.Timestamp, gap.Second.Timestamp));
        Assert.All(packets, packet => Assert.True(packet.Bytes.Length <= 12 + 200));
    }

    [Fact]
    public async Task Sequence_numbers_come_to_their_end_when_they_are_told_to()
    {
        var packets = await Play(new PacketQuirks { SequenceWrapsAfter = 20 });
        Assert.Equal(0, packets[20].Sequence);
    }

    [Fact]
    public async Task Pictures_get_another_size_at_a_key_frame()
    {
        var camera = Camera(new PacketQuirks { Resize = new SizeChange(TimeSpan.FromSeconds(1), 640, 480) });
        await camera.PrepareAsync();
        using var client = await RtspTestClient.Play(camera);
        Assert.True(Sets(await client.ReadUntil(packets => Sets(packets) == 2)) == 2, client.EndedEarly);

        static int Sets(List<RtspTestClient.Packet> packets) => packets.Where(p => p.NalType == 24).Select(p => Convert.ToHexString(p.Bytes.AsSpan(12))).Distinct().Count();
    }

    [Fact]
    public async Task Frames_come_at_two_rates_with_true_times()
    {
        var packets = await Play(new PacketQuirks { SlowFrameRate = 8 }, seconds: 4.5);
        var steps = packets.Select(p => p.Timestamp).Distinct().ToList();
        Assert.Equal([3600u, 11250u], steps.Zip(steps.Skip(1)).Select(pair => pair.Second - pair.First).Distinct().Order());
    }

    [Fact]
    public async Task Timestamps_wrap_stand_still_or_are_old_as_they_are_told_to()
    {
        var wrapping = (await Play(timestamps: new TimestampQuirks { WrapAfter = TimeSpan.FromSeconds(0.5) })).Select(p => p.Timestamp).ToList();
        Assert.Contains(wrapping.Zip(wrapping.Skip(1)), pair => pair.First > uint.MaxValue / 2 && pair.Second < uint.MaxValue / 2);

        Assert.All(await Play(timestamps: new TimestampQuirks { Fault = TimestampFault.Zero }), p => Assert.Equal(0u, p.Timestamp));

        var aged = await Play(timestamps: new TimestampQuirks { AgesParameterSets = true }, seconds: 2.2);
        var sets = Enumerable.Range(1, aged.Count - 1).Where(i => aged[i].NalType == 24).ToList();
        Assert.NotEmpty(sets);
        Assert.All(sets, i => Assert.True(aged[i].Timestamp == aged[i - 1].Timestamp && aged[i].Marker));
    }

    [Fact]
    public async Task B_frames_are_sent_after_the_pictures_that_they_lie_between()
    {
        var camera = _server.Add(new CameraOptions
        {
            Number = ++_number, Audio = AudioCodec.None, BFrames = 2, KeyFrameInterval = 25, Quirks = new CameraQuirks { Timestamps = new TimestampQuirks { Reports = ReportStyle.Absent } },
        });
        await camera.PrepareAsync();
        using var client = await RtspTestClient.Play(camera);
        var times = (await client.ReadUntil(packets => packets.Select(p => p.Timestamp).Distinct().Count() == 7)).Select(p => p.Timestamp).Distinct().ToList();
        Assert.Equal([0, 3, 1, 2, 6, 4, 5], times.Select(t => (int)((t - times[0]) / 3600)));
    }

    private static string Source(RtspTestClient.Packet packet) => Convert.ToHexString(packet.Bytes, 8, 4);

    private Camera Camera(PacketQuirks? packets, TimestampQuirks? timestamps = null) => _server.Add(new CameraOptions
    {
        Number = ++_number,
        Audio = AudioCodec.None,
        Quirks = new CameraQuirks { Packets = packets ?? new PacketQuirks(), Timestamps = timestamps ?? new TimestampQuirks { Reports = ReportStyle.Absent } },
    });

    private async Task<List<RtspTestClient.Packet>> Play(PacketQuirks? packets = null, double seconds = 1.2, TimestampQuirks? timestamps = null)
    {
        var camera = Camera(packets, timestamps is null ? null : timestamps with { Reports = ReportStyle.Absent });
        await camera.PrepareAsync();
        using var client = await RtspTestClient.Play(camera);
        // So long, and all that is due in it (25 pictures a second) even when the machine stood still for a moment.
        var clock = Stopwatch.StartNew();
        var all = await client.ReadUntil(packets => clock.Elapsed.TotalSeconds >= seconds && packets.Count > 25 * seconds);
        Assert.True(all.Count > 25 * seconds, $"{all.Count} packets");
        return all;
    }
}
