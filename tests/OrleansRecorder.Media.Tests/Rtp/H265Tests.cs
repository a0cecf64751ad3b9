using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>RFC 7798 and its quirks (R27).</summary>
public sealed class H265Tests : IDisposable
{
    private static readonly byte[] Vps = [0x40, 1, 0x0C];
    private static readonly byte[] Sps = [0x42, 1, 0x01];
    private static readonly byte[] Pps = [0x44, 1, 0xC1];
    private static readonly byte[] Idr = [0x26, 1, 0xAF, 0x11];
    private static readonly byte[] IdrRest = [0x26, 1, 0x2F, 0x12];
    private static readonly byte[] Cra = [0x2A, 1, 0xAF, 0x13];
    private static readonly byte[] Rasl = [0x10, 1, 0xD0, 0x14];
    private static readonly byte[] Radl = [0x0C, 1, 0xD0, 0x15];
    private static readonly byte[] TrailN = [0x00, 1, 0xD0, 0x16];
    private static readonly byte[] Trail = [0x02, 1, 0xD0, 0x17];
    private TestTrack _track = new("H265");

    public void Dispose() => _track.Dispose();

    [Fact]
    public void Parameter_sets_stand_beside_the_picture_and_not_in_it()
    {
        Send(100, [0x60, 1, .. Sized(Vps), .. Sized(Sps), .. Sized(Pps)]);
        Send(100, Idr);
        Send(100, IdrRest);
        Send(200, TrailN);
        Send(300, Trail);
        End();

        var first = _track.Sink.Pictures[0];
        Assert.Equal([Idr, IdrRest], first.Units);
        Assert.Equal([0, 0, 0, 1, .. Vps, 0, 0, 0, 1, .. Sps, 0, 0, 0, 1, .. Pps], first.ParameterSets);
        Assert.Equal([(100L, true), (200, false), (300, false)], _track.Sink.Pictures.Select(picture => (picture.Pts, picture.IsKey)));
    }

    [Fact]
    public void Fragments_are_joined_behind_the_header_that_they_stand_for()
    {
        Send(100, [0x62, 1, 0x80 | 19, 0xAF]);
        Send(100, [0x62, 1, 19]);
        Send(100, [0x62, 1, 0x40 | 19, 0x11]);
        Send(200, Trail);
        End();

        Assert.Equal([Idr], _track.Sink.Pictures[0].Units);
    }

    [Fact]
    public void Order_numbers_are_passed_over_where_they_are_announced()
    {
        _track.Dispose();
        _track = new TestTrack("H265", parameters: ("sprop-max-don-diff", "2"));
        Send(100, [0x60, 1, 0, 1, .. Sized(Vps), 0, .. Sized(Sps), 0, .. Sized(Pps)]);
        Send(100, [0x62, 1, 0x80 | 19, 0, 2, 0xAF]);
        Send(100, [0x62, 1, 0x40 | 19, 0x11]);
        Send(200, [Trail[0], Trail[1], 0, 3, .. Trail[2..]]);
        End();

        Assert.Equal([Idr], _track.Sink.Pictures[0].Units);
        Assert.Equal([Trail], _track.Sink.Pictures[1].Units);
        Assert.Equal(21, _track.Sink.Pictures[0].ParameterSets.Length);
    }

    [Theory]
    [InlineData("7FFF" + "26012F12")]
    [InlineData("0009" + "26")]
    [InlineData("0009")]
    public void R08_A_picture_that_may_lack_the_slice_behind_a_lying_size_is_left_out_with_all_up_to_the_next_key_picture(string rest)
    {
        Send(100, Idr, marker: true);
        Send(200, [0x60, 1, .. Sized(Idr), .. Convert.FromHexString(rest)], marker: true);
        Send(300, Trail, marker: true);
        Send(400, Idr, marker: true);
        End();

        Assert.Equal([100L, 400], _track.Sink.Pictures.Select(picture => picture.Pts));
    }

    [Fact]
    public void Parameter_sets_without_a_picture_cost_no_memory()
    {
        byte[] set = [.. Pps, .. Enumerable.Repeat((byte)0xAA, 60_000)];
        for (var i = 0; i < 18; i++) Send(100, set);
        Send(100, Idr);
        End();

        Assert.InRange(_track.Sink.Pictures[0].ParameterSets.Length, 1, 256 << 10);
    }

    [Fact]
    public void Pictures_that_need_what_is_missing_after_an_open_key_picture_are_left_out()
    {
        Send(100, Idr, marker: true);
        Send(200, Cra, marker: true);
        Send(190, Rasl, marker: true);
        _track.Lose();
        Send(300, Trail, marker: true);
        _track.GiveUpWaiting();
        Send(400, Cra, marker: true);
        Send(380, Rasl, marker: true);
        Send(390, Radl, marker: true);
        Send(500, Trail, marker: true);
        Send(600, Cra, marker: true);
        Send(590, Rasl, marker: true);
        End();

        Assert.Equal([100L, 200, 190, 400, 390, 500, 600, 590], _track.Sink.Pictures.Select(picture => picture.Pts));
    }

    [Fact]
    public void A_stream_that_begins_with_an_open_key_picture_lacks_its_leading_pictures()
    {
        Send(200, Cra);
        Send(190, Rasl);
        Send(300, Trail);
        End();

        Assert.Equal([200L, 300], _track.Sink.Pictures.Select(picture => picture.Pts));
    }

    [Fact]
    public void Delimiters_other_layers_and_unknown_types_are_left_out_and_a_suffix_stays_with_its_picture()
    {
        byte[] suffix = [0x50, 1, 0x84, 0x01, 0x02, 0x80];
        byte[] prefix = [0x4E, 1, 0x05, 0x01, 0x02, 0x80];
        Send(100, [0x46, 1, 0x50]);
        Send(100, Idr);
        Send(100, suffix, marker: true);
        Send(200, [0x02, 9, 0xD0, 0x17]);
        Send(200, [0x68, 1, 0xD0, 0x17]);
        Send(200, [0x64, 1, 0xD0, 0x17]);
        Send(200, prefix);
        Send(200, Trail, marker: true);
        End();

        Assert.Equal([Idr, suffix], _track.Sink.Pictures[0].Units);
        Assert.Equal([prefix, Trail], _track.Sink.Pictures[1].Units);
    }

    [Fact]
    public void Annex_B_in_a_payload_is_taken_apart()
    {
        Send(100, [0, 0, 0, 1, .. Vps, 0, 0, 0, 1, .. Sps, 0, 0, 0, 1, .. Pps, 0, 0, 0, 1, .. Idr]);
        Send(200, Trail);
        End();

        Assert.Equal([Idr], _track.Sink.Pictures[0].Units);
        Assert.Equal(21, _track.Sink.Pictures[0].ParameterSets.Length);
    }

    [Fact]
    public void R42_Parameter_sets_of_H264_tell_that_only_a_new_session_will_do()
    {
        Send(100, Idr);
        Assert.False(_track.Track.HasOtherFormat);
        Send(200, Convert.FromHexString("6742C01ED900A02FF97011000003000100000300320F162E48"));

        Assert.True(_track.Track.HasOtherFormat);
    }

    private static byte[] Sized(byte[] unit) => [0, (byte)unit.Length, .. unit];

    private void Send(uint time, byte[] payload, bool marker = false) => _track.Send(time, payload, marker);

    private void End() => _track.Track.Flush();
}
