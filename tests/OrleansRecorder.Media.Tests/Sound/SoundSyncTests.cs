using OrleansRecorder.Media.Sound;

namespace OrleansRecorder.Media.Tests.Sound;

/// <summary>Sound that arrives 300 ms after the picture it belongs to; the sender's clock stands at one hour when the connection begins.</summary>
public sealed class SoundSyncTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);
    private readonly SoundSync _sync = new();

    [Fact]
    public void Reports_of_both_tracks_put_the_sound_where_the_picture_is_at_once()
    {
        Picture(0, 0);
        Assert.True(Sound(0.3, 0));
        Assert.Equal(-Delay, _sync.Shift);
        for (var i = 1; i < 500; i++) Assert.False(Sound(0.3 + (i * 0.064), i * 0.064));
    }

    [Fact]
    public void Reports_that_come_late_move_the_sound_once()
    {
        var moves = 0;
        for (var i = 0; i < 250; i++)
        {
            Picture(i * 0.04, i * 0.04);
            if (i > 125 && Sound(0.3 + (i * 0.04), i * 0.04)) moves++;
        }

        Assert.Equal((1, -Delay), (moves, _sync.Shift));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(10)]
    [InlineData(1e9)]
    public void Reports_that_contradict_the_arrival_are_not_believed(double error)
    {
        for (var i = 0; i < 250; i++)
        {
            Picture(i * 0.04, i * 0.04);
            Assert.False(Sound(0.3 + (i * 0.04), (i * 0.04) + error));
        }

        Assert.Equal(TimeSpan.Zero, _sync.Shift);
    }

    [Fact]
    public void A_clock_that_is_set_while_it_runs_moves_nothing_when_both_tracks_follow()
    {
        for (var i = 0; i < 500; i++)
        {
            // The tracks send their reports at different times.
            Picture(i * 0.04, (i * 0.04) + (i > 200 ? 7200 : 0));
            Sound(0.3 + (i * 0.04), (i * 0.04) + (i > 260 ? 7200 : 0));
        }

        Assert.Equal(-Delay.TotalSeconds, _sync.Shift.TotalSeconds, 0.001);
    }

    [Fact]
    public void Sound_whose_own_clock_drifts_is_brought_back_in_steps_that_are_small()
    {
        var last = TimeSpan.Zero;
        Picture(0, 0);
        for (var i = 1; i < 10_000; i++)
        {
            // A hundredth too fast, which the sender's reports know.
            Picture(i * 0.04, i * 0.04);
            var moment = i * 0.0404;
            Sound(moment, i * 0.04);
            Assert.InRange((moment + _sync.Shift.TotalSeconds) - (i * 0.04), -0.08, 0.08);
            Assert.InRange((_sync.Shift - last).Duration().TotalSeconds, 0, 0.08);
            last = _sync.Shift;
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_track_whose_times_stand_still_moves_nothing(bool pictureStands, bool soundStands)
    {
        // The other track's first report comes after two seconds.
        for (var i = 0; i < 250; i++)
        {
            if (i > 50 || pictureStands) Picture(i * 0.04, pictureStands ? 0 : i * 0.04);
            if (i > 50 || soundStands) Assert.False(Sound(0.3 + (i * 0.04), soundStands ? 0 : i * 0.04));
        }
    }

    [Fact]
    public void Useless_times_take_the_shift_back_for_good()
    {
        Picture(0, 0);
        Sound(0.3, 0);
        Assert.True(_sync.TurnOff());
        Assert.False(_sync.TurnOff());
        for (var i = 1; i < 100; i++)
        {
            Picture(i * 0.04, i * 0.04);
            Assert.False(Sound(0.3 + (i * 0.04), i * 0.04));
        }

        Assert.Equal(TimeSpan.Zero, _sync.Shift);
    }

    [Fact]
    public void Reports_that_jump_to_and_fro_move_nothing_after_the_first_time()
    {
        var random = new Random(5);
        Picture(0, 0);
        Sound(0.3, 0);
        for (var i = 1; i < 500; i++)
        {
            Picture(i * 0.04, (i * 0.04) + (random.NextDouble() * 2));
            Assert.False(Sound(0.3 + (i * 0.04), (i * 0.04) + (random.NextDouble() * 2)));
        }
    }

    private void Picture(double moment, double captured) => _sync.OnPicture(Hour + TimeSpan.FromSeconds(captured), TimeSpan.FromSeconds(moment), TimeSpan.FromSeconds(moment));

    private bool Sound(double moment, double captured) => _sync.OnSound(Hour + TimeSpan.FromSeconds(captured), TimeSpan.FromSeconds(moment), TimeSpan.FromSeconds(moment));
}
