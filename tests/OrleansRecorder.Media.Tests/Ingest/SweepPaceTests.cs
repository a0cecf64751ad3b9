using OrleansRecorder.Media.Ingest;

namespace OrleansRecorder.Media.Tests.Ingest;

public sealed class SweepPaceTests
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(1_000_000, 4)]
    [InlineData(4_000_000, 2)]
    [InlineData(20_000_000, 2)]
    public void A_stream_that_has_settled_is_read_the_less_often_the_less_it_brings(int bitsPerSecond, int ticks)
    {
        var pace = Read(bitsPerSecond, Settled, mayWait: true);
        Assert.Equal(ticks, pace.Ticks);
        // Also when it is: what is read at once grows with the pause.
        Assert.Equal(ticks, Read(bitsPerSecond, Settled, mayWait: true, pace).Ticks);
    }

    [Fact]
    public void In_its_first_seconds_and_where_bytes_would_be_lost_every_tick_counts()
    {
        Assert.Equal(1, Read(1_000_000, null, mayWait: true).Ticks);
        Assert.Equal(1, Read(1_000_000, Settled - TimeSpan.FromMilliseconds(1), mayWait: true).Ticks);
        Assert.Equal(1, Read(1_000_000, Settled, mayWait: false).Ticks);
    }

    [Fact]
    public void One_large_key_frame_changes_nothing()
    {
        var pace = Read(1_000_000, Settled, mayWait: true);
        pace.Count(200_000, Settled, mayWait: true);
        Assert.Equal(4, pace.Ticks);
    }

    private static SweepPace Read(int bitsPerSecond, TimeSpan? played, bool mayWait, SweepPace? pace = null)
    {
        pace ??= new SweepPace();
        for (var i = 0; i < 200; i++) pace.Count((int)(bitsPerSecond / 8 * pace.Ticks * IngestThread.Tick.TotalSeconds), played, mayWait);
        return pace;
    }
}
