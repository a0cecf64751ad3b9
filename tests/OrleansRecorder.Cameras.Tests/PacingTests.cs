using System.Buffers.Binary;
using System.Globalization;

namespace OrleansRecorder.Cameras.Tests;

public sealed class PacingTests
{
    [Fact]
    public async Task A_session_runs_in_real_time_past_the_joint_of_the_loop_and_says_where_it_began()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        await camera.PrepareAsync();
        using var client = await RtspTestClient.Connect(camera);
        await client.SetUp();
        var play = await client.Send("PLAY");
        var packets = await client.ReadFor(6);

        foreach (var (track, channel, clock) in new[] { (0, 0, 90_000), (1, 2, 16_000) })
        {
            var media = packets.Where(p => p.Channel == channel).ToList();
            for (var i = 1; i < media.Count; i++) Assert.Equal((ushort)(media[i - 1].Sequence + 1), media[i].Sequence);
            Assert.All(media.Zip(media.Skip(1)), pair => Assert.True((int)(pair.Second.Timestamp - pair.First.Timestamp) >= 0));

            // A busy machine makes packets late, never early: the least lateness at the start and at the end shows whether the pace is kept.
            var lateness = media.Select(p => (p.At - Elapsed(p, clock)).TotalSeconds).ToList();
            Assert.InRange(lateness.TakeLast(lateness.Count / 3).Min() - lateness.Take(lateness.Count / 3).Min(), -0.2, 0.2);
            Assert.InRange(Elapsed(media[^1], clock).TotalSeconds, 4.2, 6.5);

            var info = play["RTP-Info"]!.Split(',')[track];
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"seq={media[0].Sequence};"), info, StringComparison.Ordinal);
            var rtpTime = uint.Parse(info[(info.IndexOf("rtptime=", StringComparison.Ordinal) + 8)..], CultureInfo.InvariantCulture);
            Assert.InRange((int)(media[0].Timestamp - rtpTime), 0, clock / 10);

            TimeSpan Elapsed(RtspTestClient.Packet packet, int rate) => TimeSpan.FromSeconds((int)(packet.Timestamp - media[0].Timestamp) / (double)rate);
        }
    }

    [Fact]
    public async Task A_sender_report_comes_at_once_and_every_five_seconds_and_ties_both_tracks_to_one_clock()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var client = await RtspTestClient.Play(camera);
        List<RtspTestClient.Packet> packets = [];
        while (packets.Count(p => p.Channel == 1) < 2 || packets.Count(p => p.Channel == 3) < 2) packets.Add(await client.ReadPacket());

        foreach (var (channel, clock) in new[] { (1, 90_000), (3, 16_000) })
        {
            var reports = packets.Where(p => p.Channel == channel).ToList();
            Assert.Equal(2, reports.Count);
            Assert.All(reports, r => Assert.Equal(200, r.Bytes[1]));
            Assert.InRange((reports[1].At - reports[0].At).TotalSeconds, 4, 8);
            var seconds = Ntp(reports[1]) - Ntp(reports[0]);
            var timestamps = BinaryPrimitives.ReadUInt32BigEndian(reports[1].Bytes.AsSpan(16)) - BinaryPrimitives.ReadUInt32BigEndian(reports[0].Bytes.AsSpan(16));
            Assert.InRange(timestamps / (double)clock, seconds - 0.01, seconds + 0.01);
            var sent = packets.Count(p => p.Channel == channel - 1 && p.At < reports[1].At);
            Assert.InRange((int)BinaryPrimitives.ReadUInt32BigEndian(reports[1].Bytes.AsSpan(20)), sent - 2, sent + 2);
        }

        Assert.InRange(Ntp(packets.First(p => p.Channel == 1)) - ((DateTimeOffset.UtcNow - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds % (1L << 32)), -20, 1);

        static double Ntp(RtspTestClient.Packet report) => BinaryPrimitives.ReadUInt32BigEndian(report.Bytes.AsSpan(8)) + (BinaryPrimitives.ReadUInt32BigEndian(report.Bytes.AsSpan(12)) / 4294967296.0);
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_whole_frames_and_disturbs_nobody()
    {
        await using var server = TestServer.Start();
        // Too much for the buffers of one that does not read, and not for those of one that a busy machine holds up for a second.
        var camera = server.Add(new CameraOptions { Number = 1, BitRate = 3_000_000, Width = 640, Height = 480, Audio = AudioCodec.None });
        await camera.PrepareAsync();
        using var slow = await RtspTestClient.Play(camera, receiveBuffer: 8192);
        using var good = await RtspTestClient.Play(camera);

        var undisturbed = (await good.ReadFor(3)).Where(p => p.Channel == 0).ToList();
        Assert.All(undisturbed.Zip(undisturbed.Skip(1)), pair => Assert.Equal((ushort)(pair.First.Sequence + 1), pair.Second.Sequence));
        Assert.InRange(undisturbed.Count(p => p.Marker), 40, 80);

        // What the slow one gets once it reads is whole frames, a gap, and then a key frame.
        var late = (await slow.ReadFor(3)).Where(p => p.Channel == 0).ToList();
        var gap = Enumerable.Range(1, late.Count - 1).First(i => late[i].Sequence != (ushort)(late[i - 1].Sequence + 1));
        Assert.True(late[gap - 1].Marker, "the frame before the gap is not whole");
        Assert.Equal(24, late[gap].Bytes[12] & 31);
        Assert.Equal(1, camera.Sessions.Playing - 1);
    }

    [Fact]
    public async Task Many_sessions_of_one_camera_all_get_every_frame_for_little_work()
    {
        const int Count = 150;
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        await camera.PrepareAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => RtspTestClient.Play(camera)));
        try
        {
            var before = ProcessorSeconds();
            var received = await Task.WhenAll(clients.Select(c => c.ReadFor(4)));
            var work = ProcessorSeconds() - before;

            Assert.All(received, packets => Assert.InRange(packets.Count(p => p.Channel == 0 && p.Marker), 60, 140));
            Assert.All(received.Select(packets => packets.Where(p => p.Channel == 0).ToList()),
                packets => Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.Equal((ushort)(pair.First.Sequence + 1), pair.Second.Sequence)));
            Assert.Equal(new SessionCounts(Count, Count, Count), camera.Sessions);

            // 300 cameras in half a core are 150 in a quarter; measured is a sixth of that.
            Assert.True(work < 4 * 0.25, $"the server's thread worked {work} s in 4 s");
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    // The processor time of all threads named "cameras": other tests' servers count too, which only makes the test stricter.
    private static double ProcessorSeconds() => Directory.GetDirectories("/proc/self/task").Sum(thread =>
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            if (!stat.Contains("(cameras)", StringComparison.Ordinal)) return 0;
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
        }
        catch (IOException)
        {
            // The thread has ended meanwhile.
            return 0;
        }
    });
}
