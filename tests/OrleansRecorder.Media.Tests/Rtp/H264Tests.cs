using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>What cameras make of RFC 6184. The numbers are those of the catalogue of camera quirks.</summary>
public sealed partial class H264Tests : IDisposable
{
    private static readonly byte[] Sps = [0x67, 0x42, 0xC0, 0x14];
    private static readonly byte[] Pps = [0x68, 0xCE, 0x3C, 0x80];
    private static readonly byte[] Sei = [0x06, 0x05, 0x02, 0xAA, 0xBB, 0x80];
    private static readonly byte[] Recovery = [0x06, 0x01, 0x01, 0x55, 0x06, 0x01, 0xC4, 0x80];
    private static readonly byte[] Idr = [0x65, 0x88, 0x11, 0x22];
    private static readonly byte[] IdrRest = [0x65, 0x08, 0x33];
    private static readonly byte[] Slice = [0x41, 0x9A, 0x44];
    private static readonly byte[] SliceRest = [0x41, 0x1A, 0x55];
    private readonly TestTrack _track = new("H264");

    public void Dispose() => _track.Dispose();

    [Fact]
    public void A_picture_is_its_units_behind_their_lengths_with_the_parameter_sets_before_it()
    {
        Send(100, StapA(Sps, Pps));
        Send(100, Idr);
        Send(200, Slice);
        End();

        var first = _track.Sink.Pictures[0];
        Assert.Equal("0000000467" + "42C014" + "0000000468CE3C80" + "0000000465881122", Convert.ToHexString(first.Data));
        Assert.Equal("000000016742C014" + "0000000168CE3C80", Convert.ToHexString(first.ParameterSets));
        Assert.Equal((100, true), (first.Pts, first.IsKey));
        Assert.Equal((200, false), (_track.Sink.Pictures[1].Pts, _track.Sink.Pictures[1].IsKey));
        Assert.Empty(_track.Sink.Pictures[1].ParameterSets);
        Assert.True(_track.Track.HasKeyFrame);
    }

    [Fact]
    public void A_parameter_set_that_no_file_can_hold_is_left_out_and_counted()
    {
        Send(100, StapA(Sps, Pps));
        for (var i = 0; i < 2; i++)
        {
            foreach (var set in (byte[][])[Sps, Pps])
            {
                Send(100, FuA([set[0], .. new byte[40_000].Select(_ => (byte)0x55)], start: true));
                Send(100, FuA([set[0], .. new byte[25_534 + i].Select(_ => (byte)0x55)], end: true));
            }
        }

        Send(100, Idr);
        SendKey(200);
        End();

        // 65,535 bytes are as many as there may be.
        Assert.Equal([Sps.Length, Pps.Length, 65_535, 65_535, Idr.Length], _track.Sink.Pictures[0].Units.Select(unit => unit.Length));
        Assert.Equal(4 + Sps.Length + 4 + Pps.Length + (2 * (4 + 65_535)), _track.Sink.Pictures[0].ParameterSets.Length);
        Assert.Equal([Sps, Pps, Idr], _track.Sink.Pictures[1].Units);
        Assert.Equal(2, _track.Sink.DamagedSets);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void R06_A_fragment_that_is_first_and_last_is_a_whole_unit()
    {
        Send(100, StapA(Sps, Pps));
        Send(100, FuA(Idr, start: true, end: true));
        Send(200, Slice);
        End();

        Assert.Equal(Convert.ToHexString(Idr), Convert.ToHexString(_track.Sink.Pictures[0].Units[^1]));
    }

    [Fact]
    public void R06_Empty_fragments_reserved_bits_and_a_type_that_changes_are_harmless()
    {
        Send(100, [0x7C, 0x85]);
        Send(100, [0x7C, 0x25, 0x88, 0x11]);
        Send(100, [0x7C, 0x01, 0x22]);
        Send(100, [0x7C, 0x45]);
        Send(200, Slice);
        End();

        Assert.Equal("65881122", Convert.ToHexString(Assert.Single(_track.Sink.Pictures[0].Units)));
    }

    [Fact]
    public void R06_A_unit_whose_end_is_not_marked_ends_with_the_next()
    {
        Send(100, FuA(Idr, start: true), marker: true);
        Send(200, FuA(Slice, start: true), marker: true);
        Send(300, FuA(Slice, start: true), marker: true);
        End();

        Assert.Equal([100L, 200, 300], Times);
    }

    [Fact]
    public void R07_Start_codes_inside_a_payload_part_units_and_trailing_zeros_go()
    {
        Send(100, [.. Sps, 0, 0, 0, 1, .. Pps, 0, 0, 1, .. Idr, 0, 0]);
        Send(200, [0, 0, 0, 1, .. Slice]);
        End();

        Assert.Equal([Sps, Pps, Idr], _track.Sink.Pictures[0].Units);
        Assert.Equal([Slice], _track.Sink.Pictures[1].Units);
    }

    [Fact]
    public void R07_Start_codes_across_two_fragments_part_units_too()
    {
        byte[] whole = [.. Sps, 0, 0, 0, 1, .. Pps, 0, 0, 0, 1, .. Idr, 0, 0, 1, .. IdrRest];
        for (var cut = 2; cut < whole.Length - 1; cut++)
        {
            using var track = new TestTrack("H264");
            track.Send(100, FuA(whole[..cut], start: true));
            track.Send(100, [0x7C, 0x47, .. whole[cut..]]);
            track.Send(200, Slice);
            track.Track.Flush();

            Assert.Equal([Sps, Pps, Idr, IdrRest], track.Sink.Pictures[0].Units);
        }
    }

    [Fact]
    public void R15_Messages_delimiters_and_empty_payloads_make_no_picture()
    {
        SendKey(100);
        Send(200, [0x09, 0xF0], marker: true);
        Send(200, Sei, marker: true);
        Send(200, []);
        Send(300, Slice, marker: true);
        Send(400, Sei, marker: true);
        End();

        Assert.Equal([100L, 300], Times);
        Assert.Equal([Sei, Slice], _track.Sink.Pictures[1].Units);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void R16_Pictures_are_told_apart_without_markers_and_with_too_many(bool marker)
    {
        Send(100, Idr, marker);
        Send(100, IdrRest, marker);
        Send(200, Slice, marker);
        Send(200, SliceRest, marker);
        Send(300, Slice, marker);
        End();

        Assert.Equal([2, 2, 1], _track.Sink.Pictures.Select(picture => picture.Units.Count));
        Assert.Equal([100L, 200, 300], Times);
    }

    [Fact]
    public void R17_Parameter_sets_with_the_time_of_the_picture_before_belong_to_the_next()
    {
        SendKey(100);
        Send(200, Slice);
        Send(200, Sps, marker: true);
        Send(200, Pps, marker: true);
        Send(300, Idr, marker: true);
        End();

        Assert.Equal([100L, 200, 300], Times);
        Assert.Equal([Sps, Pps, Idr], _track.Sink.Pictures[2].Units);
    }

    [Fact]
    public void Parameter_sets_between_the_slices_of_a_picture_do_not_end_it()
    {
        SendKey(100);
        Send(200, Idr);
        Send(200, StapA(Sps, Pps));
        Send(200, IdrRest);
        Send(300, Slice, marker: true);
        End();

        Assert.Equal([Idr, IdrRest], _track.Sink.Pictures[1].Units);
        Assert.Equal([Slice], _track.Sink.Pictures[2].Units);
    }

    [Fact]
    public void R22_Two_pictures_with_one_time_stay_two()
    {
        Send(100, Idr);
        Send(100, Slice);
        Send(100, Slice);
        End();

        Assert.Equal([100L, 100, 100], Times);
    }

    [Fact]
    public void R23_One_picture_with_two_times_stays_one()
    {
        Send(100, Idr);
        Send(110, IdrRest);
        Send(200, FuA(Slice, start: true));
        Send(205, FuA([0x41, 0x66], end: true));
        Send(206, SliceRest);
        Send(300, Slice);
        End();

        Assert.Equal([100L, 200, 300], Times);
        Assert.Equal([Idr, IdrRest], _track.Sink.Pictures[0].Units);
    }

    [Fact]
    public void R26_A_recovery_point_is_told_as_such()
    {
        Send(100, Recovery);
        Send(100, Slice);
        Send(200, Slice);
        End();

        Assert.Equal([(true, false), (false, false)], _track.Sink.Pictures.Select(picture => (picture.IsRecoveryPoint, picture.IsKey)));
    }

    [Fact]
    public void R26_After_a_loss_a_recovery_point_will_do_when_no_key_picture_comes_for_three_seconds()
    {
        SendKey(90000);
        Send(180000, Slice, marker: true);
        _track.Lose();
        Send(190000, Slice, marker: true);
        _track.GiveUpWaiting();
        Send(270000, Recovery);
        Send(270000, Slice, marker: true);
        Send(450000, Slice, marker: true);
        Send(500000, Recovery);
        Send(500000, Slice, marker: true);
        // Shown before the recovery point: it may need what is missing.
        Send(499000, Slice, marker: true);
        Send(501000, Slice, marker: true);
        End();

        Assert.Equal([90000L, 180000, 500000, 501000], Times);
    }

    [Theory]
    [InlineData("78", "0004", "")]
    [InlineData("790001", "0004", "")]
    [InlineData("7A0001", "0004", "000000")]
    [InlineData("7B0001", "0004", "00000000")]
    public void Aggregates_of_every_kind_are_taken(string head, string size, string order)
    {
        Send(100, Convert.FromHexString(head + size + order + Convert.ToHexString(Sps) + size + order + Convert.ToHexString(Idr)));
        Send(200, Slice);
        End();

        Assert.Equal([Sps, Idr], _track.Sink.Pictures[0].Units);
    }

    [Fact]
    public void Fragments_with_an_order_number_are_taken()
    {
        Send(100, [0x7D, 0x85, 0, 9, 0x88, 0x11]);
        Send(100, FuA([0x65, 0x22], end: true));
        Send(200, Slice);
        End();

        Assert.Equal([Idr], _track.Sink.Pictures[0].Units);
    }

    [Fact]
    public void R40_Units_of_unknown_types_are_left_out()
    {
        SendKey(100);
        foreach (var type in (byte[])[0, 10, 11, 12, 13, 14, 15, 16, 19, 20, 21, 23, 30, 31]) Send(150, [(byte)(0x60 | type), 0x80, 0x42]);
        Send(200, Slice, marker: true);
        End();

        Assert.Equal([100L, 200], Times);
        Assert.Equal([Slice], _track.Sink.Pictures[1].Units);
    }

    [Fact]
    public void R29_A_picture_of_sixteen_megabytes_is_too_large_and_costs_no_memory()
    {
        SendKey(100);
        var piece = new byte[60_000];
        Array.Fill(piece, (byte)0xAA);
        Send(200, [0x7C, 0x81, .. piece]);
        for (var i = 0; i < 300; i++) Send(200, [0x7C, 0x01, .. piece]);
        Assert.True(_track.Pool.InUse < 1 << 20);
        SendKey(300);
        End();

        Assert.Equal([100L, 300], Times);
    }

    [Fact]
    public void R29_A_picture_of_megabytes_is_not_put_together_while_memory_is_short()
    {
        var pool = new ChunkPool(1 << 20);
        var sink = new RecordingSink();
        using var track = RtpTracks.Create(TestTrack.Media("H264"), 0, sink, pool, 1)!;
        var piece = new byte[60_000];
        Array.Fill(piece, (byte)0xAA);
        void Put(uint time, byte[] payload) => track.OnRtp(_track.Packet(time, payload), TimeSpan.Zero);
        Put(100, [0x7C, 0x85, .. piece]);
        for (var i = 0; i < 40; i++) Put(100, [0x7C, 0x05, .. piece]);
        Assert.InRange(pool.InUse, 0, 1 << 20);
        Put(200, Idr);
        track.Flush();

        Assert.Equal([200L], sink.Pictures.Select(picture => picture.Pts));
    }

    [Fact]
    public void R42_Parameter_sets_of_H265_tell_that_only_a_new_session_will_do()
    {
        SendKey(100);
        Assert.False(_track.Track.HasOtherFormat);
        Send(200, Convert.FromHexString("40010C01FFFF016000000300900000030000030000"));
        Send(200, Convert.FromHexString("420101016000000300900000030000030" + "03CA00A080F165966"));

        Assert.True(_track.Track.HasOtherFormat);
    }

    [Fact]
    public void The_picture_at_hand_goes_when_the_track_ends_without_being_flushed()
    {
        SendKey(100);
        Send(200, Slice);

        Assert.Equal([100L], Times);
        Assert.NotEqual(0, _track.Pool.InUse);
    }

    [Fact]
    public void A_sink_that_wants_no_more_is_heard()
    {
        _track.Sink.WantsMore = () => false;
        Assert.True(_track.Send(100, Idr));
        Assert.False(_track.Send(200, Slice));
        Assert.False(_track.Send(300, Slice));
        Assert.False(_track.Track.OnTick(TimeSpan.FromSeconds(1)));
        Assert.False(_track.Track.Flush());

        Assert.Equal([100L], Times);
    }

    private IEnumerable<long> Times => _track.Sink.Pictures.Select(picture => picture.Pts);

    private static byte[] StapA(params byte[][] units) => [0x78, .. units.SelectMany(unit => (byte[])[0, (byte)unit.Length, .. unit])];

    private static byte[] FuA(byte[] unit, bool start = false, bool end = false) =>
        [(byte)((unit[0] & 0xE0) | 28), (byte)((start ? 0x80 : 0) | (end ? 0x40 : 0) | (unit[0] & 0x1F)), .. unit[1..]];

    private void SendKey(uint time)
    {
        Send(time, StapA(Sps, Pps));
        Send(time, Idr, marker: true);
    }

    private void Send(uint time, byte[] payload, bool marker = false) => _track.Send(time, payload, marker);

    private void End() => _track.Track.Flush();
}
