using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Captures;

public sealed class RetryPolicyTests
{
    private static readonly TimeSpan Cycle = TimeSpan.FromMinutes(10);
    private readonly RetryPolicy _policy = new(() => 0.5);

    [Fact]
    public void Pauses_double_up_to_half_a_minute_and_end_a_minute_after_the_last_picture()
    {
        Assert.Equal([1, 2, 4, 8, 16], Enumerable.Range(0, 5).Select(_ => Next(recorded: 0, withoutMedia: 0)));
        Assert.Null(Next(recorded: 0, withoutMedia: 31));
    }

    [Fact]
    public void A_stream_that_lasted_makes_patience_begin_anew()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, Next(recorded: 5, withoutMedia: 0));
            Assert.Equal(2, Next(recorded: 0, withoutMedia: 2));
        }
    }

    [Fact]
    public void A_camera_that_hangs_up_after_each_key_frame_is_given_up_after_a_minute_of_pauses()
    {
        Assert.Equal([1, 2, 4, 8, 16], Enumerable.Range(0, 5).Select(_ => Next(recorded: 0.1, withoutMedia: 0)));
        Assert.Null(Next(recorded: 0.1, withoutMedia: 0));
    }

    [Fact]
    public void A_stream_that_lasted_is_connected_again_however_long_its_end_took_to_notice()
    {
        Assert.Equal(1, Next(recorded: 30, withoutMedia: 61));
        Assert.Null(Next(recorded: 0, withoutMedia: 63));
    }

    [Fact]
    public void Nonsense_is_asked_for_again_twice()
    {
        for (var i = 0; i < 2; i++) Assert.NotNull(Next(0, 0, CaptureCause.Protocol));
        Assert.Null(Next(0, 0, CaptureCause.Protocol));
    }

    [Fact]
    public void No_pause_lasts_beyond_the_cycle_and_a_refused_password_is_not_tried_again()
    {
        Assert.Null(_policy.Next(End(CaptureCause.Disconnected), TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Null(Next(10, 0, CaptureCause.Authentication));
    }

    private double? Next(double recorded, double withoutMedia, CaptureCause cause = CaptureCause.Disconnected) =>
        _policy.Next(End(cause), TimeSpan.FromSeconds(recorded), TimeSpan.FromSeconds(withoutMedia), Cycle)?.TotalSeconds;

    private static SourceEnd End(CaptureCause cause) => new(cause, LocalizedText.Empty);
}
