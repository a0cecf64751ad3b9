using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

public sealed class StartJitterTests
{
    private readonly CycleOptions _options = new() { Random = () => 0.5 };

    [Fact]
    public void A_start_alone_is_not_delayed() => Assert.Equal(TimeSpan.Zero, Assert.Single(Spread("camera/1")).After);

    [Fact]
    public void Two_starts_are_hardly_apart() => Assert.Equal([TimeSpan.Zero, TimeSpan.FromMilliseconds(50)], Spread("camera/1", "camera/2").Select(b => b.After));

    [Fact]
    public void A_burst_is_spread_evenly_over_the_whole_time_and_no_longer()
    {
        var starts = Spread([.. Enumerable.Range(0, 101).Select(i => $"camera/{i}")]);
        Assert.Equal(TimeSpan.Zero, starts[0].After);
        for (var tenth = 0; tenth < 10; tenth++) Assert.InRange(starts.Count(s => (int)(s.After / TimeSpan.FromMilliseconds(100)) == tenth), 9, 12);
    }

    [Fact]
    public void Hosts_take_turns()
    {
        var starts = Spread("a/1", "a/2", "a/3", "b/1", "c/1", "b/2");
        Assert.Equal(["rtsp://a/1", "rtsp://b/1", "rtsp://c/1", "rtsp://a/2", "rtsp://b/2", "rtsp://a/3"], starts.OrderBy(s => s.After).Select(s => s.Stream));
    }

    [Fact]
    public void What_is_no_start_is_not_touched()
    {
        var end = new EndCapture("rtsp://a/1", new CaptureIdentity(1, 0, 1), CaptureCause.Stopped);
        Assert.Contains(end, StartJitter.Spread([Begin("a/1"), end, Begin("a/2")], _options));
    }

    private BeginCapture[] Spread(params string[] streams) => [.. StartJitter.Spread([.. streams.Select(Begin)], _options).Cast<BeginCapture>()];

    private static BeginCapture Begin(string stream) => new($"rtsp://{stream}", null!, "");
}
