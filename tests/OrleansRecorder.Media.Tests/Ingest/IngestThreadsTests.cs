using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Media.Ingest;

namespace OrleansRecorder.Media.Tests.Ingest;

public sealed class IngestThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_session_is_swept_again_and_again_until_it_has_ended()
    {
        using var threads = Threads();
        var session = new Session { EndsAfter = 5 };
        threads.Add(session);

        await session.Ended.WaitAsync(Patience);
        await Until(() => threads.Sessions == 0);
        Assert.Equal(5, session.Sweeps);
        Assert.Null(session.Aborted);
    }

    [Fact]
    public async Task Sessions_that_start_are_swept_several_times_in_a_tick_of_those_that_play()
    {
        using var threads = Threads();
        var (starting, playing) = (new Session { IsStarting = true }, new Session());
        threads.Add(starting);
        threads.Add(playing);

        await playing.Swept(10).WaitAsync(Patience);
        Assert.InRange(starting.Sweeps, 2 * playing.Sweeps, 6 * playing.Sweeps);
        starting.IsStarting = false;
        var (before, played) = (starting.Sweeps, playing.Sweeps);
        await playing.Swept(played + 10).WaitAsync(Patience);
        Assert.InRange((starting.Sweeps - before) / (double)(playing.Sweeps - played), 0.5, 1.8);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Sessions_that_may_wait_are_swept_in_every_second_or_fourth_tick_of_the_others(int ticks)
    {
        using var threads = Threads();
        var sessions = Enumerable.Range(0, 4).Select(_ => new Session { Ticks = ticks }).Append(new Session()).ToList();
        foreach (var session in sessions) threads.Add(session);
        await sessions[^1].Swept(4).WaitAsync(Patience);

        var before = sessions.Select(session => session.Sweeps).ToList();
        await sessions[^1].Swept(before[^1] + 40).WaitAsync(Patience);
        var swept = sessions.Select((session, n) => session.Sweeps - before[n]).ToList();
        Assert.All(swept[..4], times => Assert.InRange(times, (swept[^1] / ticks) - 2, (swept[^1] / ticks) + 2));
    }

    [Fact]
    public async Task One_wake_up_does_for_all_sessions_that_may_wait()
    {
        using var threads = Threads();
        var sessions = Enumerable.Range(0, 3).Select(_ => new Session { Ticks = 4 }).ToList();
        foreach (var session in sessions) threads.Add(session);
        foreach (var session in sessions) await session.Swept(3).WaitAsync(Patience);

        var clock = Stopwatch.StartNew();
        var before = sessions.Select(session => session.Sweeps).ToList();
        await sessions[0].Swept(before[0] + 10).WaitAsync(Patience);
        var swept = sessions.Select((session, n) => session.Sweeps - before[n]).ToList();
        Assert.True(clock.Elapsed > (swept[0] - 2) * 4 * IngestThread.Tick, $"{swept[0]} sweeps in {clock.Elapsed}");
        Assert.InRange(swept.Max() - swept.Min(), 0, 2);
    }

    [Fact]
    public async Task A_defect_of_one_session_ends_that_session_only()
    {
        using var threads = Threads();
        var (defective, healthy) = (new Session { Defect = new InvalidOperationException("a defect") }, new Session());
        threads.Add(defective);
        threads.Add(healthy);

        await defective.Ended.WaitAsync(Patience);
        await healthy.Swept(healthy.Sweeps + 3).WaitAsync(Patience);
        Assert.Equal(AbortReason.Defect, defective.Aborted);
        Assert.Equal((1, 1), (threads.Count, threads.Sessions));
    }

    [Fact]
    public async Task A_thread_that_dies_gives_its_sessions_back_and_is_replaced()
    {
        var time = new BreakableTime();
        using var threads = new IngestThreads(time, NullLogger.Instance, most: 1);
        var sessions = Enumerable.Range(0, 10).Select(_ => new Session()).ToList();
        foreach (var session in sessions) threads.Add(session);
        foreach (var session in sessions) await session.Swept(1).WaitAsync(Patience);
        var dead = sessions[0].Thread;

        time.BreakOnce(dead!);
        foreach (var session in sessions) await session.Ended.WaitAsync(Patience);
        Assert.All(sessions, session => Assert.Equal(AbortReason.ThreadLost, session.Aborted));
        var next = new Session();
        threads.Add(next);
        await next.Swept(3).WaitAsync(Patience);
        Assert.NotSame(dead, next.Thread);
        Assert.Equal(1, threads.Count);
    }

    [Fact]
    public async Task A_thread_that_sweeps_most_of_its_time_gets_company()
    {
        using var threads = Threads(most: 2);
        var sessions = Enumerable.Range(0, 4).Select(_ => new Session { Work = TimeSpan.FromMilliseconds(9) }).ToList();
        foreach (var session in sessions) threads.Add(session);

        // Two on each: a session shows its new thread at the first sweep there.
        await Until(() => sessions.TrueForAll(session => session.Thread is not null && sessions.Count(other => other.Thread == session.Thread) == 2));
        Assert.Equal((2, 4), (threads.Count, threads.Sessions));
    }

    [Fact]
    public async Task New_sessions_go_to_the_thread_with_the_least_to_do()
    {
        using var threads = Threads(most: 2);
        var busy = Enumerable.Range(0, 2).Select(_ => new Session { Work = TimeSpan.FromMilliseconds(18) }).ToList();
        foreach (var session in busy) threads.Add(session);
        await Until(() => threads.Count == 2 && busy[0].Thread != busy[1].Thread);
        busy[0].Work = TimeSpan.Zero;
        await busy[0].Swept(busy[0].Sweeps + 60).WaitAsync(Patience);

        var next = new Session();
        threads.Add(next);
        await next.Swept(1).WaitAsync(Patience);
        Assert.Same(busy[0].Thread, next.Thread);
    }

    [Fact]
    public async Task The_end_of_the_threads_aborts_what_they_sweep()
    {
        var threads = Threads();
        var session = new Session();
        threads.Add(session);
        await session.Swept(1).WaitAsync(Patience);

        threads.Dispose();
        Assert.Equal(AbortReason.ThreadLost, session.Aborted);
        var late = new Session();
        threads.Add(late);
        Assert.Equal(AbortReason.ThreadLost, late.Aborted);
    }

    [Fact]
    public async Task A_session_that_fails_at_its_end_costs_no_other_its_own()
    {
        var threads = Threads();
        var defective = new Session { Defect = new InvalidOperationException("a defect"), DefectOfAbort = new InvalidOperationException("another") };
        var (failing, healthy) = (new Session { DefectOfAbort = new InvalidOperationException("a third") }, new Session());
        foreach (var session in (Session[])[defective, failing, healthy]) threads.Add(session);
        await defective.Ended.WaitAsync(Patience);
        await healthy.Swept(healthy.Sweeps + 3).WaitAsync(Patience);
        Assert.Equal((1, 2), (threads.Count, threads.Sessions));

        threads.Dispose();
        Assert.Equal((AbortReason.ThreadLost, AbortReason.ThreadLost), (failing.Aborted, healthy.Aborted));
    }

    private static IngestThreads Threads(int most = 1) => new(TimeProvider.System, NullLogger.Instance, most);

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(10, deadline.Token);
    }

    private sealed class Session : IIngestSession
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _waits = new();
        private int _sweeps;

        public bool IsStarting { get; set; }

        public int Ticks { get; init; } = 1;

        public int EndsAfter { get; init; } = int.MaxValue;

        public Exception? Defect { get; init; }

        public Exception? DefectOfAbort { get; init; }

        public TimeSpan Work { get; set; }

        public int Sweeps => Volatile.Read(ref _sweeps);

        public Thread? Thread { get; private set; }

        public AbortReason? Aborted { get; private set; }

        public Task Ended => _ended.Task;

        public Task Swept(int times)
        {
            var wait = _waits.GetOrAdd(times, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (Sweeps >= times) wait.TrySetResult();
            return wait.Task;
        }

        public bool Sweep(Span<byte> buffer)
        {
            Thread = Thread.CurrentThread;
            if (Defect is not null) throw Defect;
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < Work) Thread.SpinWait(100);
            var sweeps = Interlocked.Increment(ref _sweeps);
            foreach (var (times, wait) in _waits)
            {
                if (sweeps >= times) wait.TrySetResult();
            }

            if (sweeps < EndsAfter) return true;
            _ended.TrySetResult();
            return false;
        }

        public void Abort(AbortReason end)
        {
            Aborted = end;
            _ended.TrySetResult();
            if (DefectOfAbort is not null) throw DefectOfAbort;
        }
    }

    /// <summary>A clock that throws at one thread, once.</summary>
    private sealed class BreakableTime : TimeProvider
    {
        private Thread? _broken;

        public void BreakOnce(Thread thread) => _broken = thread;

        public override long GetTimestamp() => Interlocked.CompareExchange(ref _broken, null, Thread.CurrentThread) == Thread.CurrentThread
            ? throw new InvalidOperationException("the clock is broken")
            : base.GetTimestamp();
    }
}
