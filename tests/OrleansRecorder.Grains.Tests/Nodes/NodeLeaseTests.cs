using OrleansRecorder.Testing;

namespace OrleansRecorder.Nodes;

public sealed class NodeLeaseTests : IDisposable
{
    private static readonly NodeLease SixSeconds = new(TimeSpan.FromSeconds(6));
    private readonly ManualTime _time = new();
    private readonly NodeLeaseKeeper _lease;
    private int _lapses;

    public NodeLeaseTests() => _lease = new NodeLeaseKeeper(_time, () => _lapses++);

    [Fact]
    public void There_is_none_before_the_first_answer_and_nothing_to_end()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_lease.IsHeld);
        Assert.Equal(0, _lapses);
    }

    [Fact]
    public void It_counts_from_when_the_answered_report_was_sent()
    {
        var sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(3));
        _lease.Renew(sentAt, SixSeconds);

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.True(_lease.IsHeld);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(_lease.IsHeld);
    }

    [Fact]
    public void It_is_over_a_second_before_its_length_and_says_so_without_being_asked()
    {
        _lease.Renew(_time.GetTimestamp(), SixSeconds);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(0, _lapses);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1, _lapses);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _lapses);
    }

    [Fact]
    public void The_node_is_heard_when_a_report_that_was_made_later_renews_the_lease()
    {
        var before = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        var heard = _lease.Heard(CancellationToken.None);

        _lease.Renew(before, SixSeconds);
        _lease.Renew(_time.GetTimestamp(), NodeLease.None);
        Assert.False(heard.IsCompleted);
        _lease.Renew(_time.GetTimestamp(), SixSeconds);
        Assert.True(SpinWait.SpinUntil(() => heard.IsCompletedSuccessfully, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Answers_renew_it_for_as_long_as_they_come()
    {
        for (var i = 0; i < 100; i++)
        {
            _lease.Renew(_time.GetTimestamp(), SixSeconds);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(_lease.IsHeld);
        Assert.Equal(0, _lapses);
    }

    [Fact]
    public void An_answer_that_was_overtaken_does_not_shorten_it_and_no_length_renews_nothing()
    {
        var early = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(3));
        _lease.Renew(_time.GetTimestamp(), SixSeconds);
        _lease.Renew(early, SixSeconds);
        _lease.Renew(_time.GetTimestamp(), NodeLease.None);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(_lease.IsHeld);
    }

    [Fact]
    public void An_answer_that_comes_too_late_gives_none()
    {
        var sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(6));
        _lease.Renew(sentAt, SixSeconds);
        Assert.False(_lease.IsHeld);
    }

    [Fact]
    public void After_a_freeze_looking_at_it_ends_the_captures_though_no_timer_ran()
    {
        var frozen = new FrozenTime();
        var lapses = 0;
        using var lease = new NodeLeaseKeeper(frozen, () => lapses++);
        lease.Renew(0, SixSeconds);

        frozen.Timestamp = TimeSpan.FromSeconds(30).Ticks;

        Assert.False(lease.IsHeld);
        Assert.Equal(1, lapses);
    }

    [Fact]
    public void After_a_freeze_a_new_lease_does_not_save_the_captures_of_the_old_one()
    {
        var frozen = new FrozenTime();
        var held = new List<bool>();
        NodeLeaseKeeper? lease = null;
        using (lease = new NodeLeaseKeeper(frozen, () => held.Add(lease!.IsHeld)))
        {
            lease.Renew(0, SixSeconds);
            frozen.Timestamp = TimeSpan.FromSeconds(30).Ticks;

            lease.Renew(frozen.Timestamp, SixSeconds);

            Assert.Equal([false], held);
            Assert.True(lease.IsHeld);
        }
    }

    public void Dispose() => _lease.Dispose();

    /// <summary>A clock that goes on while no timer runs, as after SIGSTOP and SIGCONT.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        public long Timestamp { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Timestamp;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
