using System.Collections.Concurrent;
using OrleansRecorder.Media.Threads;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Threads;

/// <summary>Threads that are woken as seldom as their work allows.</summary>
public sealed class WorkThreadsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void What_can_wait_is_collected_and_done_by_one_thread()
    {
        var threads = new WorkThreads("test", most: 4, TimeProvider.System);
        Warm(threads);
        var done = new Steps(10);
        for (var n = 0; n < 10; n++) threads.ScheduleSoon(done);

        Assert.True(done.All.Wait(Limit));
        Assert.Single(done.Threads.Distinct());
    }

    [Fact]
    public void What_is_urgent_does_not_wait_for_a_thread_that_is_held_up()
    {
        var threads = new WorkThreads("test", most: 4, TimeProvider.System);
        using var release = new ManualResetEventSlim();
        var held = new Steps(1, () => release.Wait(Limit));
        threads.Schedule(held);
        Assert.True(held.Begun.Wait(Limit));
        var urgent = new Steps(1);
        threads.Schedule(urgent);

        Assert.True(urgent.All.Wait(Limit));
        release.Set();
        Assert.True(held.All.Wait(Limit));
    }

    [Fact]
    public void What_piles_up_behind_a_thread_that_is_held_up_is_done_by_others()
    {
        var threads = new WorkThreads("test", most: 4, TimeProvider.System);
        using var release = new ManualResetEventSlim();
        var held = new Steps(1, () => release.Wait(Limit));
        threads.ScheduleSoon(held);
        Assert.True(held.Begun.Wait(Limit));
        var others = new Steps(40);
        for (var n = 0; n < 40; n++) threads.ScheduleSoon(others);

        Assert.True(others.All.Wait(Limit));
        release.Set();
        Assert.True(held.All.Wait(Limit));
    }

    [Fact]
    public void What_can_wait_does_not_wait_for_a_step_that_lasts()
    {
        var time = new ManualTime();
        var threads = new WorkThreads("test", most: 4, time);
        using var release = new ManualResetEventSlim();
        var held = new Steps(1, () => release.Wait(Limit));
        threads.ScheduleSoon(held);
        Assert.True(held.Begun.Wait(Limit));
        time.Advance(TimeSpan.FromMilliseconds(201));
        var other = new Steps(1);
        threads.ScheduleSoon(other);

        Assert.True(other.All.Wait(Limit));
        Assert.False(held.All.IsSet);
        release.Set();
        Assert.True(held.All.Wait(Limit));
    }

    [Fact]
    public void A_thread_that_cannot_be_begun_leaves_no_work_behind_and_others_may_be_begun_later()
    {
        var failures = 6;
        var threads = new WorkThreads("test", most: 2, TimeProvider.System, thread =>
        {
            if (failures-- > 0) throw new OutOfMemoryException();
            thread.Start();
        });
        using var release = new ManualResetEventSlim();
        var held = new Steps(1, () => release.Wait(Limit));
        threads.Schedule(held);
        Assert.True(held.Begun.Wait(Limit));
        // Those that were not begun must not be counted as there.
        var others = new Steps(6);
        for (var n = 0; n < 6; n++) threads.Schedule(others);

        Assert.True(others.All.Wait(Limit));
        Assert.True(failures < 0);
        release.Set();
        Assert.True(held.All.Wait(Limit));
    }

    // So that a thread is there, and idle.
    private static void Warm(WorkThreads threads)
    {
        var first = new Steps(1);
        threads.Schedule(first);
        Assert.True(first.All.Wait(Limit));
    }

    private sealed class Steps(int count, Action? work = null) : IWorker
    {
        public CountdownEvent All { get; } = new(count);

        public ManualResetEventSlim Begun { get; } = new();

        public ConcurrentBag<int> Threads { get; } = [];

        public void Step()
        {
            Begun.Set();
            Threads.Add(Environment.CurrentManagedThreadId);
            work?.Invoke();
            All.Signal();
        }
    }
}
