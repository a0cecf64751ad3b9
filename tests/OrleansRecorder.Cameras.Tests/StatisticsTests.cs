namespace OrleansRecorder.Cameras.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public async Task Every_session_is_listed_with_its_start_end_and_reason_in_the_order_of_PLAY()
    {
        await using var server = TestServer.Start();
        var first = server.Add(new CameraOptions { Number = 1 });
        var second = server.Add(new CameraOptions { Number = 2 });

        using var a = await RtspTestClient.Play(first);
        using var b = await RtspTestClient.Play(second);
        using var onlySetUp = await RtspTestClient.Connect(second);
        await onlySetUp.SetUp();
        Assert.Equal(200, (await b.Send("TEARDOWN")).Status);
        using var c = await RtspTestClient.Play(second);

        var read = server.ReadStatistics();
        Assert.Equal([(1, null), (2, "TEARDOWN"), (2, null)], read.Sessions.Select(s => (s.Camera, s.Reason)));
        Assert.Equal([false, true, false], read.Sessions.Select(s => s.EndedAt is not null));
        Assert.True(read.Sessions[0].StartedAt <= read.Sessions[1].StartedAt && read.Sessions[1].StartedAt <= read.Sessions[1].EndedAt && read.Sessions[1].EndedAt <= read.Sessions[2].StartedAt);
        Assert.Equal(new SessionCounts(2, 2, 3), read.All.SinceStart);
        Assert.Equal(new SessionCounts(1, 1, 2), read.Cameras[2].SinceStart);
    }

    [Fact]
    public async Task A_reset_counts_anew_from_what_plays_and_keeps_the_counts_since_the_start()
    {
        await using var server = TestServer.Start();
        var first = server.Add(new CameraOptions { Number = 1 });
        var second = server.Add(new CameraOptions { Number = 2 });
        using var a = await RtspTestClient.Play(first);
        using var b = await RtspTestClient.Play(first);
        using var c = await RtspTestClient.Play(second);
        Assert.Equal(200, (await b.Send("TEARDOWN")).Status);
        Assert.Equal(200, (await c.Send("TEARDOWN")).Status);

        server.ResetStatistics();
        var atReset = server.ReadStatistics();
        using var d = await RtspTestClient.Play(second);
        var read = server.ReadStatistics();

        Assert.Equal(new SessionCounts(1, 1, 0), atReset.All.SinceReset);
        Assert.Equal(new SessionCounts(0, 0, 0), atReset.Cameras[2].SinceReset);
        Assert.Equal([1, 2], read.Sessions.Select(s => s.Camera));
        Assert.Equal(new SessionCounts(2, 2, 1), read.All.SinceReset);
        Assert.Equal(new SessionCounts(2, 3, 4), read.All.SinceStart);
        Assert.Equal(new SessionTally(new SessionCounts(1, 2, 2), new SessionCounts(1, 1, 0)), read.Cameras[1]);
        Assert.Equal(new SessionTally(new SessionCounts(1, 1, 2), new SessionCounts(1, 1, 1)), read.Cameras[2]);
    }

    [Fact]
    public async Task A_session_that_has_ended_tells_which_video_it_was_sent()
    {
        var wire = new WireLog();
        await using var server = CameraServer.Start(TestServer.Options with { Wire = wire });
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var plays = await RtspTestClient.Play(camera);
        using var ends = await RtspTestClient.Play(camera);
        _ = await ends.ReadFor(seconds: 1.5);
        Assert.Equal(200, (await ends.Send("TEARDOWN")).Status);

        var sessions = server.ReadStatistics().Sessions;
        var sent = wire.Frames.Where(frame => frame.Connection == 2).ToList();
        Assert.Null(sessions[0].Video);
        Assert.True(sent.Count > camera.Options.FrameRate);
        Assert.Equal(new SentVideo(sent[0].Index, sent[^1].Index, sent.Count), sessions[1].Video);
    }

    [Fact]
    public async Task A_session_without_a_key_frame_was_sent_no_video()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1, Fault = new CameraFault(CameraFaultKind.NoKeyFrame) });
        using var client = await RtspTestClient.Play(camera);
        _ = await client.ReadFor(seconds: 1);
        Assert.Equal(200, (await client.Send("TEARDOWN")).Status);

        Assert.Null(Assert.Single(server.ReadStatistics().Sessions).Video);
    }

    [Fact]
    public async Task Ended_sessions_beyond_the_bound_are_forgotten_and_counted_and_playing_ones_never_are()
    {
        await using var server = CameraServer.Start(TestServer.Options with { RememberedSessions = 2 });
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var plays = await RtspTestClient.Play(camera);
        for (var i = 0; i < 4; i++)
        {
            using var client = await RtspTestClient.Play(camera);
            Assert.Equal(200, (await client.Send("TEARDOWN")).Status);
        }

        var read = server.ReadStatistics();
        Assert.Equal([null, "TEARDOWN", "TEARDOWN"], read.Sessions.Select(s => s.Reason));
        Assert.Equal(2, read.Forgotten);
        Assert.Equal(5, read.All.SinceStart.Started);
    }
}
