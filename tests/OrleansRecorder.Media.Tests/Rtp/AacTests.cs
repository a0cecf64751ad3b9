using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>AAC in RFC 3640 and in LATM (R30, R31).</summary>
public sealed class AacTests
{
    private static readonly (string, string)[] Hbr = [("mode", "AAC-hbr"), ("sizelength", "13"), ("indexlength", "3"), ("indexdeltalength", "3"), ("config", "1408")];

    // AudioMuxVersion 0, one stream, AAC-LC at 16 kHz, mono.
    private const string MuxConfig = "40002810" + "3FC0";

    [Fact]
    public void The_track_is_what_its_configuration_says()
    {
        using var track = Track(Hbr);

        var description = track.Track.Description;
        Assert.Equal(("aac", 16000, 16000, 1, "1408"), (description.Codec, description.ClockRate, description.SampleRate, description.Channels, Convert.ToHexString(description.Extradata.Span)));
        Assert.True(track.Track.HasKeyFrame);
    }

    [Fact]
    public void R30_Several_units_of_a_packet_follow_each_other()
    {
        using var track = Track(Hbr);
        track.Send(1000, Convert.FromHexString("0030" + "0010" + "0018" + "0008" + "AAAA" + "BBBBBB" + "CC"), marker: true);

        Assert.Equal([("AAAA", 1000L), ("BBBBBB", 2024), ("CC", 3048)], Sounds(track));
    }

    [Fact]
    public void R30_A_unit_in_several_packets_is_joined()
    {
        using var track = Track(Hbr);
        track.Send(1000, Convert.FromHexString("0010" + "0030" + "A1A2A3"));
        track.Send(1000, Convert.FromHexString("0010" + "0030" + "A4A5A6"), marker: true);
        track.Send(2024, Convert.FromHexString("0010" + "0008" + "BB"), marker: true);

        Assert.Equal([("A1A2A3A4A5A6", 1000L), ("BB", 2024)], Sounds(track));
    }

    [Fact]
    public void R30_A_unit_that_lost_a_fragment_is_left_out()
    {
        using var track = Track(Hbr);
        track.Send(1000, Convert.FromHexString("0010" + "0048" + "A1A2A3"));
        track.Lose();
        track.Send(1000, Convert.FromHexString("0010" + "0048" + "A7A8A9"), marker: true);
        track.GiveUpWaiting();
        track.Send(2024, Convert.FromHexString("0010" + "0008" + "BB"), marker: true);

        Assert.Equal([("BB", 2024L)], Sounds(track));
    }

    [Fact]
    public void R30_Headers_of_13_bits_are_read()
    {
        using var track = Track(("sizelength", "13"), ("config", "1408"));
        track.Send(1000, Convert.FromHexString("000D" + "0010" + "AAAA"), marker: true);
        // Two headers of 13 bits: 3 and 1.
        track.Send(2024, Convert.FromHexString("001A" + "00180040" + "BBBBBB" + "CC"), marker: true);

        Assert.Equal([("AAAA", 1000L), ("BBBBBB", 2024), ("CC", 3048)], Sounds(track));
    }

    [Fact]
    public void R30_ADTS_frames_lose_their_headers()
    {
        using var track = Track(Hbr);
        track.Send(1000, Convert.FromHexString("FFF16040013FFC" + "AAAA" + "FFF16040011FFC" + "BB"), marker: true);
        track.Send(3048, Convert.FromHexString("0010" + "0048" + "FFF16040013FFC" + "CCCC"), marker: true);

        Assert.Equal([("AAAA", 1000L), ("BB", 2024), ("CCCC", 3048)], Sounds(track));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0010")]
    [InlineData("00100010")]
    [InlineData("FFFF0010AAAA")]
    [InlineData("00100000AAAA")]
    [InlineData("0010FFF8AAAA")]
    public void R30_Packets_with_lying_sizes_are_dropped(string payload)
    {
        using var track = Track(Hbr);
        track.Send(1000, Convert.FromHexString(payload), marker: true);
        track.Send(2024, Convert.FromHexString("0010" + "0008" + "BB"), marker: true);

        Assert.Equal([("BB", 2024L)], Sounds(track));
    }

    [Fact]
    public void Units_without_headers_are_whole_packets_or_of_one_size()
    {
        using var whole = Track(("mode", "generic"), ("config", "1408"));
        whole.Send(0, [1, 2, 3]);
        using var equal = Track(("constantsize", "2"), ("config", "1408"));
        equal.Send(0, [1, 2, 3, 4]);

        Assert.Equal([("010203", 0L)], Sounds(whole));
        Assert.Equal([("0102", 0L), ("0304", 1024)], Sounds(equal));
    }

    [Fact]
    public void Without_a_configuration_it_is_AAC_LC_of_the_clock()
    {
        using var track = Track(("mode", "AAC-hbr"));

        Assert.Equal("1408", Convert.ToHexString(track.Track.Description.Extradata.Span));
    }

    [Fact]
    public void A_clock_that_is_not_the_sounds_rate_still_times_it()
    {
        using var track = new TestTrack("MPEG4-GENERIC", 90000, "audio", 1, Hbr);
        track.Send(0, Convert.FromHexString("0020" + "0008" + "0008" + "AABB"), marker: true);

        Assert.Equal(16000, track.Track.Description.SampleRate);
        Assert.Equal([("AA", 0L), ("BB", 5760)], Sounds(track));
    }

    [Fact]
    public void R31_LATM_elements_become_bare_frames()
    {
        using var track = new TestTrack("MP4A-LATM", 16000, "audio", 1, ("cpresent", "0"), ("config", MuxConfig));
        var long256 = new byte[256];
        Array.Fill(long256, (byte)0xDD);
        track.Send(0, [2, 0xAA, 0xAB, 1, 0xBB], marker: true);
        track.Send(2048, [255, 1, .. long256[..100]]);
        track.Send(2048, long256[100..], marker: true);

        Assert.Equal("1408", Convert.ToHexString(track.Track.Description.Extradata.Span)[..4]);
        Assert.Equal([("AAAB", 0L), ("BB", 1024), (Convert.ToHexString(long256), 2048)], Sounds(track));
    }

    [Fact]
    public void R31_LATM_with_its_configuration_in_the_elements_is_read_bit_by_bit()
    {
        using var track = new TestTrack("MP4A-LATM", 16000, "audio", 1);
        track.Send(0, Bits("0" + Binary(MuxConfig, 44) + "00000010" + "1010101010111011"), marker: true);
        track.Send(1024, Bits("1" + "00000001" + "11001100"), marker: true);

        Assert.Equal([("AABB", 0L), ("CC", 1024)], Sounds(track));
    }

    [Fact]
    public void R31_LATM_whose_configuration_is_nowhere_cannot_be_recorded() =>
        Assert.Null(RtpTracks.Create(TestTrack.Media("MP4A-LATM", 16000, "audio", 1, ("cpresent", "0"), ("config", "")), 0, new RecordingSink(), new ChunkPool(1), 1));

    [Fact]
    public void An_element_that_lost_a_piece_is_left_out()
    {
        using var track = new TestTrack("MP4A-LATM", 16000, "audio", 1, ("cpresent", "0"), ("config", MuxConfig));
        track.Send(0, [1, 0xAA], marker: true);
        track.Lose();
        track.Send(1024, [1, 0xBB], marker: true);
        track.GiveUpWaiting();
        track.Send(2048, [1, 0xCC], marker: true);

        Assert.Equal([("AA", 0L), ("CC", 2048)], Sounds(track));
    }

    private static TestTrack Track(params (string, string)[] parameters) => new("MPEG4-GENERIC", 16000, "audio", 1, parameters);

    private static IEnumerable<(string Data, long Time)> Sounds(TestTrack track) => track.Sink.Sounds.Select(sound => (Convert.ToHexString(sound.Data), sound.Pts));

    private static string Binary(string hex, int bits) => string.Concat(Convert.FromHexString(hex).Select(value => Convert.ToString(value, 2).PadLeft(8, '0')))[..bits];

    private static byte[] Bits(string bits) => [.. bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
}
