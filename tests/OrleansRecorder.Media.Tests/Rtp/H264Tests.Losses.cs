namespace OrleansRecorder.Media.Tests.Rtp;

// What losses cost, and what lying sizes do.
public sealed partial class H264Tests
{
    [Fact]
    public void R05_A_lost_fragment_takes_its_picture_and_all_that_follow_up_to_the_next_key_picture()
    {
        SendKey(100);
        Send(200, FuA(Slice, start: true));
        _track.Lose();
        Send(200, FuA([0x41, 0x77], end: true), marker: true);
        _track.GiveUpWaiting();
        Send(300, Slice, marker: true);
        SendKey(400);
        End();

        Assert.Equal([100L, 400], Times);
        Assert.Equal(1, _track.Sink.Lost);
    }

    [Fact]
    public void R05_What_a_loss_spoils_is_no_last_picture()
    {
        Assert.Null(_track.Track.LastPicture);
        SendKey(100);
        _track.Now = TimeSpan.FromSeconds(1);
        Send(200, Slice, marker: true);
        Send(300, Slice, marker: true);
        Assert.Equal(TimeSpan.FromSeconds(1), _track.Track.LastPicture);
        _track.Lose();
        _track.Now = TimeSpan.FromSeconds(2);
        Send(500, Slice, marker: true);
        _track.GiveUpWaiting();
        var atTheLoss = _track.Track.LastPicture;
        for (uint i = 0; i < 50; i++)
        {
            _track.Now += TimeSpan.FromSeconds(1);
            Send(600 + (i * 100), i % 2 == 0 ? Slice : Sei, marker: true);
        }

        Assert.Equal((atTheLoss, _track.Now), (_track.Track.LastPicture, _track.Track.LastPacket));
        SendKey(9000);
        End();
        Assert.InRange(_track.Track.LastPicture!.Value, _track.Now - TimeSpan.FromSeconds(1), _track.Now);
    }

    [Fact]
    public void R05_A_picture_that_its_marker_had_ended_is_kept_when_the_next_is_lost()
    {
        SendKey(100);
        Send(200, Slice, marker: true);
        _track.Lose(3);
        Send(400, Slice, marker: true);
        _track.GiveUpWaiting();
        End();

        Assert.Equal([100L, 200], Times);
        Assert.Equal(3, _track.Sink.Lost);
    }

    [Fact]
    public void R05_Markers_of_a_camera_that_sets_them_on_every_slice_are_not_believed()
    {
        SendKey(100);
        Send(100, IdrRest, marker: true);
        Send(200, Slice, marker: true);
        _track.Lose();
        SendKey(300);
        _track.GiveUpWaiting();
        End();

        Assert.Equal([100L, 300], Times);
    }

    [Fact]
    public void R05_A_key_picture_whose_parameter_sets_may_be_lost_is_not_begun_with()
    {
        SendKey(100);
        Send(200, Slice, marker: true);
        _track.Lose();
        Send(300, Idr, marker: true);
        _track.GiveUpWaiting();
        Send(400, Slice, marker: true);
        SendKey(500);
        End();

        Assert.Equal([100L, 200, 500], Times);
    }

    [Fact]
    public void R08_Empty_units_in_an_aggregate_and_one_that_is_too_long_cost_only_themselves()
    {
        Send(100, [0x78, 0, 0, 0, 4, .. Sps, 0, 0, 0, 4, .. Pps, 0, 4, .. Idr, 0x7F, 0xFF, 0x41, 0x9A]);
        Send(200, Slice);
        End();

        Assert.Equal([Sps, Pps, Idr], _track.Sink.Pictures[0].Units);
    }

    [Theory]
    [InlineData("7FFF" + "411A55")]
    [InlineData("7FFF" + "41")]
    [InlineData("0009" + "0605")]
    [InlineData("0009" + "67")]
    [InlineData("7FFF")]
    public void R08_A_picture_that_may_lack_the_slice_behind_a_lying_size_is_left_out_with_all_up_to_the_next_key_picture(string rest)
    {
        SendKey(100);
        Send(200, [0x78, 0, 3, .. Slice, .. Convert.FromHexString(rest)], marker: true);
        Send(300, Slice, marker: true);
        SendKey(400);
        Send(500, Slice, marker: true);
        End();

        Assert.Equal([100L, 400, 500], Times);
    }

    [Fact]
    public void R08_Nothing_follows_a_picture_whose_first_slice_a_lying_size_took_until_the_next_key_picture()
    {
        SendKey(100);
        Send(200, [0x78, 0, 3, .. Slice, 0, 9, .. Slice]);
        Send(300, SliceRest);
        Send(400, Slice, marker: true);
        SendKey(500);
        End();

        Assert.Equal([100L, 200, 500], Times);
    }

    [Fact]
    public void R08_A_key_picture_whose_parameter_sets_a_lying_size_took_is_not_begun_with()
    {
        SendKey(100);
        Send(200, Slice, marker: true);
        Send(300, [0x78, 0, 4, .. Sps, 0, 9, .. Pps]);
        Send(300, Idr, marker: true);
        SendKey(400);
        End();

        Assert.Equal([100L, 200, 400], Times);
    }
}
