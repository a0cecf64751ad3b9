using Orleans.Configuration;
using OrleansRecorder.Testing;

namespace MiniOrleans.Internal.Tests.Membership;

/// <summary>Several silos, their table and their network on one clock that stands still until it is moved. Everything happens on the test's thread, in order.</summary>
internal sealed class SimulatedFarm
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private readonly List<SimulatedSilo> _silos = [];
    private readonly HashSet<(SiloAddress From, SiloAddress To)> _cuts = [];
    private int _lastPort = 11110;

    public ManualTime Time { get; } = new();

    public SimulatedTable Table { get; } = new();

    /// <summary>The setting for short detection times.</summary>
    public ClusterMembershipOptions Options { get; } = new()
    {
        ProbeTimeout = TimeSpan.FromSeconds(1),
        MaxProbeTimeout = TimeSpan.FromSeconds(1),
        NumMissedProbesLimit = 3,
        TableRefreshTimeout = TimeSpan.FromSeconds(5),
        IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5),
    };

    public static SimulatedFarm Of(int silos, out SimulatedSilo[] started)
    {
        // The test runner's context would send continuations to other threads.
        SynchronizationContext.SetSynchronizationContext(null);
        var farm = new SimulatedFarm();
        started = [.. Enumerable.Range(0, silos).Select(_ => farm.Start())];
        farm.Run(TimeSpan.FromSeconds(10));
        foreach (var one in started) Assert.All(started, other => Assert.Equal(SiloStatus.Active, one.Sees(other)));
        return farm;
    }

    /// <summary>A process begins; on a port of its own unless one is named.</summary>
    public SimulatedSilo Create(int? port = null)
    {
        var silo = new SimulatedSilo(this, port ?? ++_lastPort, Options);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>A silo joins and becomes active.</summary>
    public SimulatedSilo Start(int? port = null)
    {
        var silo = Create(port);
        Finish(silo.Announce(SiloStatus.Joining));
        Finish(silo.Announce(SiloStatus.Active));
        return silo;
    }

    /// <summary>Moves time until the task ends.</summary>
    public void Finish(Task task, int withinSeconds = 60)
    {
        for (var steps = withinSeconds * 20; !task.IsCompleted && steps > 0; steps--) Time.Advance(Step);
        Assert.True(task.IsCompleted, $"not within {withinSeconds} s");
        task.GetAwaiter().GetResult();
    }

    public void Run(TimeSpan time)
    {
        for (var end = Time.GetUtcNow() + time; Time.GetUtcNow() < end;) Time.Advance(Step);
    }

    /// <summary>How long it takes until the condition holds.</summary>
    public TimeSpan Until(Func<bool> condition, int withinSeconds = 60)
    {
        var began = Time.GetUtcNow();
        while (!condition())
        {
            Assert.True(Time.GetUtcNow() - began < TimeSpan.FromSeconds(withinSeconds), $"not within {withinSeconds} s");
            Time.Advance(Step);
        }

        return Time.GetUtcNow() - began;
    }

    public void CutOneWay(SimulatedSilo from, SimulatedSilo to) => _cuts.Add((from.Address, to.Address));

    public void Cut(SimulatedSilo one, SimulatedSilo other)
    {
        CutOneWay(one, other);
        CutOneWay(other, one);
    }

    public void Isolate(SimulatedSilo silo)
    {
        foreach (var other in _silos.Where(other => other != silo)) Cut(silo, other);
    }

    public void Heal() => _cuts.Clear();

    public void Send(SimulatedSilo from, SiloAddress target, MembershipMessage message) => After(Latency, () =>
    {
        if (Find(target) is { IsDown: false } receiver && Passes(from.Address, target)) receiver.Run(() => receiver.Agent.Receive(from.Address, message));
    });

    /// <summary>A dead process refuses at once; a cut or a frozen process is silence.</summary>
    public Task<bool> Probe(SimulatedSilo from, SiloAddress target, TimeSpan timeout, TimeProvider askersTime)
    {
        var answer = new TaskCompletionSource<bool>();
        var deadline = askersTime.CreateTimer(_ => answer.TrySetResult(false), null, timeout, Timeout.InfiniteTimeSpan);
        After(Latency, () =>
        {
            if (!Passes(from.Address, target)) return;
            if (Find(target) is not { IsDown: false } receiver) from.Run(() => answer.TrySetResult(false));
            else receiver.Run(() => After(Latency, () =>
            {
                if (Passes(target, from.Address)) from.Run(() => answer.TrySetResult(true));
            }));
        });
        _ = answer.Task.ContinueWith(_ => deadline.Dispose(), TaskContinuationOptions.ExecuteSynchronously);
        return answer.Task;
    }

    private void After(TimeSpan time, Action action)
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(_ =>
        {
            timer?.Dispose();
            action();
        }, null, time, Timeout.InfiniteTimeSpan);
    }

    private SimulatedSilo? Find(SiloAddress silo) => _silos.LastOrDefault(candidate => candidate.Address.Equals(silo));

    private bool Passes(SiloAddress from, SiloAddress to) => !_cuts.Contains((from, to));
}
