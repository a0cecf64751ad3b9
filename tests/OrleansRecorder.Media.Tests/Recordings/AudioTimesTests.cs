using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Tests.Recordings;

/// <summary>At 16 kHz, in frames of 1024 samples.</summary>
public sealed class AudioTimesTests
{
    private const int Frame = 1024;
    private readonly AudioTimes _times = new(16000);

    [Fact]
    public void Times_that_tremble_are_replaced_by_counting()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++) Assert.Equal(i * Frame, _times.Place((i * Frame) + (i == 0 ? 0 : random.Next(-1500, 1500)), Frame));
    }

    [Fact]
    public void A_gap_is_kept()
    {
        _times.Place(0, Frame);
        Assert.Equal(20_000, _times.Place(20_000, Frame));
        Assert.Equal(20_000 + Frame, _times.Place(20_000 + Frame, Frame));
    }

    [Fact]
    public void What_comes_half_a_second_too_early_is_dropped_until_the_clock_has_come()
    {
        for (var i = 0; i < 10; i++) _times.Place(i * Frame, Frame);
        var dropped = 0;
        long? place = null;
        for (var i = 0; place is null; i++, dropped++) place = _times.Place(i * Frame, Frame);

        Assert.Equal(10, dropped - 1);
        Assert.Equal(10 * Frame, place);
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(-1200)]
    public void A_clock_that_was_put_right_is_followed_however_small_the_step(int step)
    {
        for (var i = 0; i < 10; i++) _times.Place(i * Frame, Frame);
        _times.Align();
        var claimed = (10 * Frame) + step;
        var place = _times.Place(claimed, Frame);
        if (place is null) place = _times.Place(claimed += Frame, Frame);

        Assert.NotNull(place);
        Assert.InRange(place.Value - claimed, 0, Frame / 2);
        Assert.Equal(place + Frame, _times.Place(claimed + Frame, Frame));
    }

    [Fact]
    public void The_first_is_aligned_by_itself_and_none_is_dropped_after_it()
    {
        _times.Align();
        for (var i = 0; i < 5; i++) Assert.Equal(i * Frame, _times.Place(i * 64, Frame));
    }
}
