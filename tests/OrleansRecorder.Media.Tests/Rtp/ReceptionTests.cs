using System.Buffers.Binary;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>RFC 3550 and its quirks: headers, order, senders that change.</summary>
public sealed class ReceptionTests : IDisposable
{
    private readonly TestTrack _track = new("PCMA", 8000, "audio");

    public void Dispose() => _track.Dispose();

    [Fact]
    public void R14_Contributing_sources_extensions_and_padding_are_passed_over()
    {
        byte[] packet = [0xB2, 0xE0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 5, 1, 1, 1, 1, 2, 2, 2, 2, 0xAB, 0xAC, 0, 1, 9, 9, 9, 9, 0x41, 0x42, 0, 0, 3];

        Assert.True(RtpPacket.TryRead(packet, out var read));
        Assert.Equal([0x41, 0x42], read.Payload.ToArray());
        Assert.Equal((96, true, 7, 9u, 5u), (read.PayloadType, read.Marker, read.Sequence, read.Timestamp, read.Source));
    }

    [Fact]
    public void Packets_that_are_none_are_dropped()
    {
        byte[] good = [0xB1, 0xE0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 5, 1, 1, 1, 1, 0xAB, 0xAC, 0, 1, 9, 9, 9, 9, 1];
        for (var length = 0; length < good.Length - 1; length++) Assert.False(RtpPacket.TryRead(good.AsSpan(0, length), out _));
        Assert.True(RtpPacket.TryRead(good, out _));
        good[^1] = 2;
        Assert.False(RtpPacket.TryRead(good, out _));
        good[0] = 0x41;
        Assert.False(RtpPacket.TryRead(good, out _));
        _track.Send(good);
        Assert.Equal(0, _track.Track.Packets);
    }

    [Fact]
    public void R12_Late_packets_fall_into_place_and_duplicates_are_dropped()
    {
        var packets = Enumerable.Range(0, 6).Select(number => _track.Packet((uint)number * 10, [(byte)number])).ToArray();
        foreach (var number in (int[])[0, 3, 1, 3, 1, 2, 5, 0, 4, 5]) _track.Send(packets[number]);

        Assert.Equal([0, 1, 2, 3, 4, 5], Order);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void R12_A_hole_is_given_up_after_two_hundred_milliseconds()
    {
        _track.Send(10, [1]);
        _track.Lose(2);
        _track.Send(40, [4]);
        _track.Now += TimeSpan.FromMilliseconds(199);
        _track.Track.OnTick(_track.Now);
        Assert.Equal([1], Order);
        _track.Now += TimeSpan.FromMilliseconds(1);
        _track.Track.OnTick(_track.Now);

        Assert.Equal([1, 4], Order);
        Assert.Equal(2, _track.Sink.Lost);
    }

    [Fact]
    public void R12_A_hole_is_given_up_after_a_hundred_packets()
    {
        _track.Send(10, [1]);
        _track.Lose();
        for (var i = 0; i < 99; i++) _track.Send(20, [2]);
        Assert.Single(Order);
        _track.Send(20, [3]);

        Assert.Equal(101, Order.Count());
        Assert.Equal(1, _track.Sink.Lost);
    }

    [Fact]
    public void R12_A_packet_that_comes_after_its_hole_was_given_up_is_dropped()
    {
        _track.Send(10, [1]);
        var late = _track.Packet(20, [2]);
        _track.Send(30, [3]);
        _track.GiveUpWaiting();
        _track.Send(late);
        _track.Send(40, [4]);

        Assert.Equal([1, 3, 4], Order);
        Assert.Equal(1, _track.Sink.Lost);
    }

    [Theory]
    [InlineData(3001)]
    [InlineData(-200)]
    [InlineData(30000)]
    public void R12_Sequence_numbers_that_begin_anew_are_believed_at_the_second_packet(int jump)
    {
        _track.Send(10, [1]);
        _track.Sequence = (ushort)(_track.Sequence + jump);
        _track.Send(20, [2]);
        Assert.Equal([1], Order);
        _track.Send(30, [3]);
        _track.Send(40, [4]);

        Assert.Equal([1, 2, 3, 4], Order);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void R12_Sequence_numbers_that_begin_anew_may_be_reordered_from_the_start()
    {
        _track.Send(10, [1]);
        _track.Source = 0xBEEF;
        _track.Sequence = 3000;
        var packets = Enumerable.Range(0, 6).Select(number => _track.Packet((uint)(20 + number), [(byte)(2 + number)])).ToArray();
        foreach (var number in (int[])[1, 0, 3, 2, 5, 4]) _track.Send(packets[number]);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], Order);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void R12_Strays_with_any_number_are_dropped()
    {
        _track.Send(10, [1]);
        var next = _track.Sequence;
        _track.Source = 0xBEEF;
        foreach (var sequence in (int[])[0, 32768, 0, 20, 0, 65535 - 20, 32768])
        {
            _track.Sequence = (ushort)(next + sequence);
            _track.Send(20, [9]);
        }

        (_track.Source, _track.Sequence) = (0xCAFE, next);
        _track.Send(20, [2]);

        Assert.Equal([1, 2], Order);
    }

    [Fact]
    public void R12_A_loss_of_hundreds_of_packets_is_counted()
    {
        _track.Send(10, [1]);
        _track.Lose(500);
        _track.Send(20, [2]);

        Assert.Equal([1, 2], Order);
        Assert.Equal(500, _track.Sink.Lost);
    }

    [Fact]
    public void R10_Another_sender_goes_on_where_the_last_one_was()
    {
        for (uint i = 0; i < 5; i++) Send(1000 + (i * 320), TimeSpan.FromMilliseconds(40));
        _track.Source = 0xBEEF;
        _track.Sequence = 100;
        for (uint i = 0; i < 5; i++) Send(4_000_000_000 + (i * 320), TimeSpan.FromMilliseconds(40));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => 1000L + (i * 320)), _track.Sink.Sounds.Select(sound => sound.Pts));
    }

    [Fact]
    public void R10_Another_sender_with_the_same_clock_keeps_it()
    {
        Send(1000, TimeSpan.Zero);
        _track.Source = 0xBEEF;
        Send(1400, TimeSpan.FromMilliseconds(40));
        Send(1700, TimeSpan.FromMilliseconds(40));

        Assert.Equal([1000L, 1400, 1700], _track.Sink.Sounds.Select(sound => sound.Pts));
    }

    [Fact]
    public void Strays_of_a_dead_session_are_dropped()
    {
        _track.Send(10, [1]);
        for (byte i = 2; i < 6; i++)
        {
            var (source, sequence) = (_track.Source, _track.Sequence);
            (_track.Source, _track.Sequence) = (0xDEAD, (ushort)(9000 + i));
            _track.Send(77, [99]);
            (_track.Source, _track.Sequence) = (source, sequence);
            _track.Send((uint)i * 10, [i]);
        }

        Assert.Equal([1, 2, 3, 4, 5], Order);
    }

    [Fact]
    public void R21_Timestamps_go_around()
    {
        foreach (var time in (uint[])[0xFFFFFF00, 0xFFFFFFF0, 0xE0, 0x1D0]) _track.Send(time, [1]);

        Assert.Equal([0xFFFFFF00L, 0xFFFFFFF0, 0x1000000E0, 0x1000001D0], _track.Sink.Sounds.Select(sound => sound.Pts));
    }

    [Fact]
    public void Another_payload_type_is_taken_while_the_announced_one_does_not_come()
    {
        _track.PayloadType = 97;
        _track.Send(10, [1]);
        _track.PayloadType = 96;
        _track.Send(20, [2]);
        _track.PayloadType = 97;
        _track.Send(30, [3]);

        Assert.Equal([1, 2], Order);
    }

    [Fact]
    public void Comfort_noise_is_nobodys_sound()
    {
        _track.PayloadType = 13;
        _track.Send(10, [1]);

        Assert.Equal(0, _track.Track.Packets);
    }

    [Fact]
    public void R42_Another_payload_type_for_good_needs_a_new_session()
    {
        _track.Send(10, [1]);
        _track.PayloadType = 97;
        for (var i = 0; i < 199; i++) _track.Send(20, [2]);
        Assert.False(_track.Track.HasOtherFormat);
        _track.Send(20, [2]);

        Assert.True(_track.Track.HasOtherFormat);
        Assert.Equal(1, _track.Track.Packets);
    }

    [Fact]
    public void R44_Only_packets_of_the_track_count()
    {
        _track.Now = TimeSpan.FromSeconds(3);
        _track.Send(10, [1]);
        var report = new byte[28];
        report[0] = 0x80;
        report[1] = 200;
        BinaryPrimitives.WriteUInt16BigEndian(report.AsSpan(2), 6);
        _track.Track.OnRtcp(report, TimeSpan.FromSeconds(9));
        _track.Track.OnRtp(report, TimeSpan.FromSeconds(9));

        Assert.Equal((1L, TimeSpan.FromSeconds(3)), (_track.Track.Packets, _track.Track.LastPacket));
        Assert.True(RtpPacket.IsRtcp(report));
    }

    [Fact]
    public void Held_packets_of_any_size_keep_their_bytes_and_their_memory_comes_back()
    {
        _track.Send(10, [1]);
        var late = _track.Packet(20, [2]);
        var large = new byte[60_000];
        new Random(1).NextBytes(large);
        _track.Send(30, large);
        _track.Send(late);

        Assert.Equal(large, _track.Sink.Sounds[2].Data);
        _track.Lose();
        _track.Send(40, [4]);
    }

    private IEnumerable<int> Order => _track.Sink.Sounds.Select(sound => (int)sound.Data[0]);

    private void Send(uint time, TimeSpan passed)
    {
        _track.Now += passed;
        _track.Send(time, [1]);
    }
}
