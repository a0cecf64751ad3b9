using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Tests.Recordings;

public sealed class TrackClockTests
{
    private const int Rate = 90000;
    private const long Step = 3600;

    [Fact]
    public void Steady_times_are_kept_whatever_the_network_does_to_their_arrival()
    {
        var random = new Random(1);
        var moments = Run(500, i => 12345 + (i * Step), i => i * 0.04 + random.NextDouble() * 0.3);
        Assert.All(Steps(moments), step => Assert.Equal(0.04, step, 0.0001));
    }

    [Fact]
    public void A_varying_rate_of_pictures_is_kept()
    {
        var moments = Run(200, i => i < 100 ? i * Step : (100 * Step) + ((i - 100) * 11250), i => i < 100 ? i * 0.04 : 4 + ((i - 100) * 0.125));
        Assert.Equal(4 + (99 * 0.125), moments[^1], 0.001);
    }

    [Fact]
    public void Reordered_pictures_go_back_as_far_as_they_say()
    {
        var order = new[] { 0, 3, 1, 2, 6, 4, 5, 9, 7, 8 };
        var moments = Run(order.Length, i => order[i] * Step, i => i * 0.04);
        Assert.Equal(order.Select(n => Math.Round(n * 0.04, 4)), moments.Select(moment => Math.Round(moment, 4)));
    }

    [Fact]
    public void A_stall_that_the_network_makes_good_changes_nothing()
    {
        var moments = Run(500, i => i * Step, i => i is > 100 and < 200 ? Math.Max(8, i * 0.04) : i * 0.04);
        Assert.Equal(499 * 0.04, moments[^1], 0.001);
    }

    [Fact]
    public void A_burst_of_what_a_gateway_had_kept_is_no_fault()
    {
        var moments = Run(500, i => i * Step, i => i < 100 ? i * 0.001 : 0.1 + ((i - 100) * 0.04));
        Assert.All(Steps(moments), step => Assert.Equal(0.04, step, 0.0001));
    }

    [Fact]
    public void A_first_packet_that_came_late_is_no_fault()
    {
        var moments = Run(500, i => i * Step, i => Math.Max(1.5, i * 0.04 - (i > 40 ? 0.5 : 0)));
        Assert.All(Steps(moments), step => Assert.Equal(0.04, step, 0.0001));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public void A_clock_that_has_never_moved_is_left_before_a_hole_can_be_seen(long step)
    {
        var moments = Run(100, i => i * step, i => i * 0.04);
        Assert.All(Steps(moments), passed => Assert.InRange(passed, 0, 0.15));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.04)]
    public void Times_in_milliseconds_are_soon_those_of_the_arrival(double sweep)
    {
        var clock = new TrackClock(Rate, isPaced: true) { MayReorder = false };
        for (var i = 0; i < 100; i++)
        {
            var arrival = Swept(1.003 + (i * 0.04), sweep);
            var late = (arrival - clock.Map(i * 40L, arrival)).TotalSeconds;
            Assert.Equal(i >= 3, clock.UsesArrival);
            if (i >= 7) Assert.InRange(late, -0.03, 0.03);
        }
    }

    public static TheoryData<string, Func<int, long?>> Faults => new()
    {
        { "all zero", _ => 0 },
        { "none", _ => null },
        { "milliseconds", i => i * 40L },
        { "twice as fast", i => i * Step * 2 },
        { "an hour's jump", i => (i * Step) + (i > 200 ? 3600L * Rate : 0) },
        { "a jump back", i => (i * Step) - (i > 200 ? 5L * Rate : 0) },
        { "a sawtooth", i => i % 50 * Step },
        { "a wrap", i => (uint)(uint.MaxValue - 100000 + (i * Step)) },
        { "pairs", i => i / 2 * Step * 2 },
        { "random", i => new Random(i).NextInt64(1L << 32) },
        { "extremes", i => i % 2 == 0 ? long.MaxValue : long.MinValue + 1 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Whatever_a_camera_claims_the_duration_is_that_of_the_wall(string fault, Func<int, long?> times)
    {
        // As it comes, and as a sweep of the connections every 40 or 100 ms finds it: all that has come since the last one at one instant.
        foreach (var sweep in new[] { 0, 0.04, 0.1 })
        {
            var clock = new TrackClock(Rate, isPaced: true) { MayReorder = false };
            var last = 0.0;
            for (var i = 0; i < 750; i++) last = Math.Max(last, clock.Map(times(i), Swept(i * 0.04, sweep)).TotalSeconds);
            Assert.True(Math.Abs(last - (749 * 0.04)) < 1.5, $"{fault}, swept every {sweep} s: {last}");
        }
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(0.1)]
    public void Steady_times_are_kept_when_packets_arrive_in_sweeps(double sweep)
    {
        var clock = new TrackClock(8000, isPaced: true) { MayReorder = false };
        var moments = Enumerable.Range(0, 3000).Select(i => clock.Map(i * 160L, Swept((i * 0.02) + 0.003, sweep), TimeSpan.Zero).TotalSeconds).ToList();
        Assert.All(Steps(moments), step => Assert.Equal(0.02, step, 0.0001));
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(0.1)]
    public void Useless_times_are_replaced_by_steps_of_their_pace_when_packets_arrive_in_sweeps(double sweep)
    {
        var clock = new TrackClock(Rate, isPaced: true) { MayReorder = false };
        var moments = Enumerable.Range(0, 750).Select(i => clock.Map(0, Swept(i * 0.04, sweep)).TotalSeconds).ToList();
        Assert.All(Steps(moments).Skip(50), step => Assert.InRange(step, 0.01, 0.1));
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(1, true)]
    public void A_clock_that_jumps_is_believed_again_after_steady_minutes(int minutesBetween, bool usesArrival)
    {
        var clock = new TrackClock(Rate, isPaced: true);
        for (var i = 0; i < minutesBetween * 60 * 25 * 5; i++) clock.Map((i * Step) + (i / (minutesBetween * 60 * 25) * 3600L * Rate), TimeSpan.FromSeconds(i * 0.04));

        Assert.Equal(usesArrival, clock.UsesArrival);
    }

    [Fact]
    public void Files_that_arrive_all_at_once_keep_their_times()
    {
        var clock = new TrackClock(Rate, isPaced: false);
        var last = TimeSpan.Zero;
        for (var i = 0; i < 750; i++) last = clock.Map(i * Step, TimeSpan.FromMilliseconds(i / 100.0));
        Assert.Equal(749 * 0.04, last.TotalSeconds, 0.001);
    }

    private static TimeSpan Swept(double arrival, double sweep) => TimeSpan.FromSeconds(sweep == 0 ? arrival : Math.Ceiling(arrival / sweep) * sweep);

    private static List<double> Run(int count, Func<int, long> time, Func<int, double> arrival)
    {
        var clock = new TrackClock(Rate, isPaced: true);
        return [.. Enumerable.Range(0, count).Select(i => clock.Map(time(i), TimeSpan.FromSeconds(arrival(i)), TimeSpan.Zero).TotalSeconds)];
    }

    private static IEnumerable<double> Steps(List<double> moments) => moments.Zip(moments.Skip(1), (a, b) => b - a);
}
