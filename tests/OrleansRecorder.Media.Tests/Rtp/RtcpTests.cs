using System.Buffers.Binary;
using System.Text;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>Reports of the sender and ours (RFC 3550, 6).</summary>
public sealed class RtcpTests : IDisposable
{
    // 2026-11-22 12:00:00, in seconds since 1900.
    private const uint Noon = 4_004_424_000;
    private readonly TestTrack _track = new("PCMA", 8000, "audio");

    public void Dispose() => _track.Dispose();

    [Fact]
    public void A_receiver_report_tells_what_was_received()
    {
        // 65530 to 4, with one lost, and one sent twice.
        for (uint i = 0; i < 11; i++)
        {
            var packet = _track.Packet(1000 + (i * 320), [1]);
            if (i != 4) _track.Send(packet);
            if (i == 7) _track.Send(packet);
            _track.Now += TimeSpan.FromMilliseconds(40);
        }

        _track.Track.OnRtcp(Report(Noon, 0x80000000, 1000), TimeSpan.FromSeconds(2));
        var first = Read(TimeSpan.FromSeconds(3.5));

        Assert.Equal(0x11223344u, first.Receiver);
        Assert.Equal(0xCAFEu, first.Source);
        Assert.Equal(0x10004u, first.Highest);
        Assert.Equal(0, first.Lost);
        Assert.Equal(0u, first.Jitter / 20);
        Assert.Equal((Noon << 16) | 0x8000, first.LastReport);
        Assert.Equal(98304u, first.Delay);
        Assert.Equal("11223344@recorder", first.Name);

        _track.Lose(9);
        _track.Send(9000, [1]);
        var second = Read(TimeSpan.FromSeconds(4));
        Assert.Equal((9, 230), (second.Lost, (int)second.Fraction));
        Assert.Equal((9, 0), (Read(TimeSpan.FromSeconds(5)).Lost, (int)Read(TimeSpan.FromSeconds(5)).Fraction));
    }

    [Fact]
    public void Jitter_is_a_sixteenth_of_each_change_of_the_delay()
    {
        _track.Send(0, [1]);
        _track.Now = TimeSpan.FromMilliseconds(80);
        _track.Send(320, [1]);

        // 40 ms late at 8 kHz: 320 units.
        Assert.Equal(20u, Read(_track.Now).Jitter);
    }

    [Fact]
    public void Nothing_is_reported_before_the_first_packet()
    {
        Assert.Equal(0, _track.Track.WriteReceiverReport(new byte[100], TimeSpan.Zero));
        _track.Send(0, [1]);
        Assert.Equal((0u, 0u), (Read(TimeSpan.FromSeconds(1)).LastReport, Read(TimeSpan.FromSeconds(1)).Delay));
    }

    [Fact]
    public void The_report_of_a_sender_is_not_told_to_the_one_that_follows_it()
    {
        _track.Send(0, [1]);
        _track.Track.OnRtcp(Report(Noon, 0, 0), TimeSpan.Zero);
        Assert.NotEqual(0u, Read(TimeSpan.FromSeconds(1)).LastReport);
        (_track.Source, _track.Sequence) = (0xBEEF, 3000);
        _track.Send(320, [1]);
        _track.Send(640, [1]);

        Assert.Equal((0u, 0u), (Read(TimeSpan.FromSeconds(2)).LastReport, Read(TimeSpan.FromSeconds(2)).Delay));
        _track.Track.OnRtcp(Report(Noon, 0, 640, source: 0xBEEF), TimeSpan.FromSeconds(2));
        Assert.NotEqual(0u, Read(TimeSpan.FromSeconds(3)).LastReport);
    }

    [Fact]
    public void Sender_reports_tell_when_something_was_captured_whoever_they_say_they_are_from()
    {
        _track.Send(16000, [1]);
        _track.Track.OnRtcp(Report(Noon, 0, 16000, source: 0x5151), TimeSpan.FromMilliseconds(10));
        _track.Now = TimeSpan.FromSeconds(1);
        _track.Send(24000, [1]);

        Assert.Null(_track.Sink.Sounds[0].Captured);
        Assert.Equal(TimeSpan.FromSeconds(Noon) + TimeSpan.FromSeconds(1), _track.Sink.Sounds[1].Captured);
    }

    [Fact]
    public void A_report_before_the_first_packet_counts()
    {
        _track.Track.OnRtcp(Report(Noon, 0, 16000), TimeSpan.Zero);
        _track.Send(16000, [1]);

        Assert.Equal(TimeSpan.FromSeconds(Noon), _track.Sink.Sounds[0].Captured);
    }

    [Fact]
    public void A_report_before_the_first_packet_counts_though_that_carries_a_time_of_nothing()
    {
        _track.Track.OnRtcp(Report(Noon, 0, 1_000_000), TimeSpan.Zero);
        _track.Send(0, [1]);
        _track.Send(1_000_000, [1]);

        Assert.Null(_track.Sink.Sounds[0].Captured);
        Assert.Equal(TimeSpan.FromSeconds(Noon), _track.Sink.Sounds[1].Captured);
    }

    [Theory]
    [InlineData(0u, 16000u)]
    [InlineData(2_208_988_900u, 16000u)]
    [InlineData(Noon, 16000u + (8000 * 6))]
    [InlineData(Noon, uint.MaxValue - 31_999)]
    public void R36_Reports_of_no_time_and_of_another_time_than_the_packets_do_not_count(uint ntp, uint time)
    {
        _track.Send(16000, [1]);
        _track.Track.OnRtcp(Report(ntp, 0, time), TimeSpan.Zero);
        _track.Send(16320, [1]);

        Assert.Null(_track.Sink.Sounds[1].Captured);
    }

    [Fact]
    public void R36_A_clock_that_does_not_go_along_with_arrival_does_not_count_until_it_does()
    {
        Assert.NotNull(After(Noon, 0));
        Assert.Null(After(Noon + 60, 5));
        Assert.NotNull(After(Noon + 65, 10));
        Assert.NotNull(After(Noon + 70, 15));
    }

    [Fact]
    public void R36_A_clock_that_is_set_counts_again_at_the_second_report_that_agrees()
    {
        Assert.NotNull(After(Noon, 0));
        Assert.Null(After(Noon + 7, 5));
        var captured = After(Noon + 12, 10);

        Assert.Equal(TimeSpan.FromSeconds(Noon + 12), captured);
    }

    [Fact]
    public void R36_Reports_anchored_to_the_moment_of_sending_are_smoothed()
    {
        After(Noon, 0);
        var captured = After(Noon + 5, 5, fraction: 0x0A3D70A4);

        // Of 40 ms an eighth.
        Assert.Equal(5, (captured!.Value - TimeSpan.FromSeconds(Noon + 5)).TotalMilliseconds, 0.1);
    }

    [Fact]
    public void A_goodbye_is_heard_from_the_sender_only()
    {
        _track.Send(10, [1]);
        Assert.Equal(RtcpNews.Bye, Hear(0x81, 203, 0xCAFE));
        Assert.Equal(RtcpNews.None, Hear(0x81, 203, 0xDEAD));
        Assert.Equal(RtcpNews.None, Hear(0x81, 202, 0xCAFE));

        Assert.Equal(RtcpNews.SenderReport | RtcpNews.Bye, _track.Track.OnRtcp([.. Report(Noon, 0, 10, 0xBBBB), 0x81, 203, 0, 1, 0, 0, 0xBB, 0xBB], TimeSpan.Zero));
    }

    [Fact]
    public void Rtcp_that_is_cut_off_or_none_is_harmless()
    {
        var report = Report(Noon, 0, 10);
        for (var length = 0; length < report.Length; length++) Assert.Equal(RtcpNews.None, _track.Track.OnRtcp(report.AsSpan(0, length), TimeSpan.Zero));
    }

    private RtcpNews Hear(byte first, byte type, uint source)
    {
        var packet = new byte[8];
        packet[0] = first;
        packet[1] = type;
        packet[3] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), source);
        return _track.Track.OnRtcp(packet, TimeSpan.Zero);
    }

    private TimeSpan? After(uint ntp, int seconds, uint fraction = 0)
    {
        _track.Now = TimeSpan.FromSeconds(seconds);
        var time = (uint)(100_000 + (seconds * 8000));
        _track.Send(time - 8, [1]);
        _track.Track.OnRtcp(Report(ntp, fraction, time), _track.Now);
        _track.Send(time, [1]);
        return _track.Sink.Sounds[^1].Captured;
    }

    private static byte[] Report(uint ntp, uint fraction, uint time, uint source = 0xCAFE)
    {
        var report = new byte[28];
        report[0] = 0x80;
        report[1] = 200;
        report[3] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), source);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), ntp);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(12), fraction);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(16), time);
        return report;
    }

    private ReceivedReport Read(TimeSpan now)
    {
        var buffer = new byte[100];
        var data = buffer.AsSpan(0, _track.Track.WriteReceiverReport(buffer, now));
        Assert.Equal((0x81, 201, 7), (data[0], data[1], BinaryPrimitives.ReadUInt16BigEndian(data[2..])));
        var description = data[32..];
        Assert.Equal((0x81, 202, (description.Length / 4) - 1), (description[0], description[1], BinaryPrimitives.ReadUInt16BigEndian(description[2..])));
        Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), BinaryPrimitives.ReadUInt32BigEndian(description[4..]));
        Assert.Equal(1, description[8]);
        Assert.Equal(0, description[10 + description[9]]);
        var lost = (int)BinaryPrimitives.ReadUInt32BigEndian(data[12..]) << 8 >> 8;
        return new ReceivedReport(
            BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(data[8..]),
            data[12],
            lost,
            BinaryPrimitives.ReadUInt32BigEndian(data[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(data[20..]),
            BinaryPrimitives.ReadUInt32BigEndian(data[24..]),
            BinaryPrimitives.ReadUInt32BigEndian(data[28..]),
            Encoding.ASCII.GetString(description.Slice(10, description[9])));
    }

    private sealed record ReceivedReport(uint Receiver, uint Source, byte Fraction, int Lost, uint Highest, uint Jitter, uint LastReport, uint Delay, string Name);
}
