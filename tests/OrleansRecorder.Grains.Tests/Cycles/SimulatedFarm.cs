using System.Text.Json;
using OrleansRecorder.Captures;
using OrleansRecorder.Streams;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Cycles;

/// <summary>
/// Everything around the state machine, simulated on a manual clock: nodes that crash, freeze and are cut off, storage, streams with their captures,
/// archives, activations that succeed one another. It checks the invariants of docs/design/cycle.md at every step.
/// </summary>
internal sealed partial class SimulatedFarm
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, SimulatedStream> _streams = [];
    private readonly List<(DateTimeOffset Due, SimulatedGrain To, Action Deliver)> _mail = [];
    private readonly HashSet<CaptureIdentity> _begun = [];
    private readonly SimulatedTerm.Row _term = new();
    private readonly List<SimulatedGrain> _zombies = [];
    private SimulatedGrain _grain;
    private DateTimeOffset? _hostMissedSince;
    private string? _disk;
    private long _version;

    public SimulatedFarm(int streams, double total, int slots, double duration, int pollCycles = 1, double interval = 1, int nodes = 1, string? sharedArchive = null)
    {
        Settings = new CycleSettings
        {
            TotalSeconds = total,
            MaxConcurrentStreams = slots,
            OutputDirectory = "./output",
            ReportFilename = "rtsp_report.json",
            ConnectionTimeoutSeconds = 5,
            ReadTimeoutSeconds = 5,
            PollCycles = pollCycles,
            CycleIntervalSeconds = interval,
            MinDurationSeconds = 5,
            KeyFrameTimeoutSeconds = 60,
        };
        (Options.StartJitter, Options.LeaseSettling) = (TimeSpan.Zero, TimeSpan.Zero);
        Streams = [.. Enumerable.Range(0, streams).Select(i => new CycleStream($"rtsp://user:secret@camera/{i}", $"rtsp://camera/{i}", duration, 1, $"camera{i}.mp4"))];
        Nodes = [.. Enumerable.Range(1, nodes).Select(n => new SimulatedNode(n) { Archive = sharedArchive ?? $"node-{n}" })];
        _grain = Activate(Nodes[0]);
    }

    public ManualTime Time { get; } = new();

    public CycleOptions Options { get; } = new();

    public CycleSettings Settings { get; set; }

    public List<CycleStream> Streams { get; set; }

    public SimulatedNode[] Nodes { get; }

    public CycleMachine Machine => _grain.Machine;

    /// <summary>The node that has the activation.</summary>
    public SimulatedNode Host => _grain.Host;

    /// <summary>The order that a capture got, by its identity; a test may look at each.</summary>
    public List<CaptureOrder> Orders { get; } = [];

    public List<CycleReport> Reports { get; } = [];

    /// <summary>Which archive has the reports of which cycle.</summary>
    public HashSet<(string Archive, long Cycle)> Reported { get; } = [];

    public List<string> Directories { get; } = [];

    /// <summary>Files that recovery cannot finish as long as they are in here, by directory and name.</summary>
    public HashSet<(string Directory, string Filename)> Unrecovered { get; } = [];

    /// <summary>How long messages take; a test may make it random.</summary>
    public Func<TimeSpan> Delay { get; set; } = () => TimeSpan.Zero;

    /// <summary>Called after each write of the state, with what is about to be done; true crashes there.</summary>
    public Func<int, bool> CrashAfterSave { get; set; } = _ => false;

    /// <summary>How long it takes until the node of the activation is given up, and another takes over.</summary>
    public TimeSpan Detection { get; set; } = TimeSpan.FromSeconds(5);

    public bool ReportsFail { get; set; }

    /// <summary>Nobody reaches the database.</summary>
    public bool IsStorageAway { get; set; }

    public bool IsDown { get; private set; }

    /// <summary>Captures that really run: those of a frozen or dead process do not.</summary>
    public int Running => _streams.Values.Count(ReallyRuns);

    /// <summary>What the last reports of a cycle say.</summary>
    public CycleSnapshot LastReportOf(long cycle) => Reports.Last(r => r.Cycle.Cycle == cycle).Cycle;

    public SimulatedStream StreamOf(int index) => Stream(Streams[index].Stream);

    public CycleSnapshot Snapshot() => Machine.Snapshot();

    public CycleTask TaskOf(int id) => Snapshot().Tasks[id];

    public int RunningOn(SimulatedNode node) => _streams.Values.Count(s => s.Running is not null && s.Node == node);

    public SimulatedFarm Started()
    {
        Assert.True(Machine.Start());
        Round();
        Round();
        return this;
    }

    public void RunFor(double seconds)
    {
        for (var until = Time.GetUtcNow() + TimeSpan.FromSeconds(seconds); Time.GetUtcNow() < until;) StepOnce();
    }

    public void RunUntil(Func<bool> condition, double atMostSeconds = 1000)
    {
        for (var until = Time.GetUtcNow() + TimeSpan.FromSeconds(atMostSeconds); !condition(); StepOnce())
            Assert.True(Time.GetUtcNow() < until, "it takes too long");
    }

    /// <summary>One moment: time passes, captures go on, mail arrives, the machine has its turn.</summary>
    public void StepOnce()
    {
        Time.Advance(Step);
        foreach (var node in Nodes.Where(n => n.Works)) HoldToLease(node);
        foreach (var stream in _streams.Values) Advance(stream);
        CheckInvariants();
        if (!IsDown)
        {
            Succeed();
            foreach (var zombie in _zombies.Where(z => !z.IsOver && z.Host.Works).ToArray()) Round(zombie);
            Round();
        }

        CheckInvariants();
    }

    /// <summary>Everything dies: the machine, what was on its way, and every capture; files keep what they hold.</summary>
    public void Crash()
    {
        IsDown = true;
        _mail.Clear();
        foreach (var node in Nodes) Crash(node);
    }

    /// <summary>Everything comes back and reads what was saved.</summary>
    public void Restart()
    {
        IsDown = false;
        foreach (var node in Nodes.Where(n => n.IsDown)) node.Start();
        _grain.IsOver = true;
        _grain = Activate(Nodes[0]);
        Round();
    }

    /// <summary>One process dies.</summary>
    public void Crash(SimulatedNode node)
    {
        foreach (var stream in _streams.Values.Where(s => s.Node == node)) stream.Crash(Time.GetUtcNow());
        node.Crash();
        foreach (var grain in _zombies.Append(_grain).Where(g => g.Host == node)) grain.IsOver = true;
    }

    /// <summary>Only the grain moves: captures go on, mail to it is lost.</summary>
    public void MoveGrain(SimulatedNode? to = null)
    {
        _mail.Clear();
        _hostMissedSince = null;
        _grain.IsOver = true;
        _grain = Activate(to ?? Nodes[0]);
        Round();
    }

    /// <summary>What the owner of the machine does: verbs, tick, save, act.</summary>
    public void Round() => Round(_grain);

    private SimulatedGrain Activate(SimulatedNode host)
    {
        var term = new SimulatedTerm(_term, () => IsStorageAway || host.IsWithoutStorage);
        var owner = new SimulatedGrain(host, term, Time, Options);
        owner.Activate(_disk is null ? new CycleState() : JsonSerializer.Deserialize<CycleState>(_disk)!);
        Write(owner);
        owner.Machine.Saved();
        return owner;
    }

    // When the node of the activation is not seen, another becomes its home; the old one may live on behind the wall.
    private void Succeed()
    {
        if (!_grain.IsOver && _grain.Host is { Works: true, IsCutOff: false })
        {
            _hostMissedSince = null;
            return;
        }

        _hostMissedSince ??= Time.GetUtcNow();
        if (Time.GetUtcNow() - _hostMissedSince < (_grain.IsOver && _grain.Host.Works ? TimeSpan.Zero : Detection) || IsStorageAway) return;
        if (Nodes.FirstOrDefault(n => n is { Works: true, IsCutOff: false, IsWithoutStorage: false }) is not { } next) return;
        if (!_grain.IsOver) _zombies.Add(_grain);
        _grain = Activate(next);
        _hostMissedSince = null;
    }

    private void Round(SimulatedGrain grain)
    {
        if (grain.IsOver || !grain.Host.Works) return;
        if (Time.GetUtcNow().Ticks % TimeSpan.FromMilliseconds(500).Ticks == 0) grain.Look();
        if (grain.IsOver) return;
        foreach (var mail in _mail.Where(m => m.To == grain && m.Due <= Time.GetUtcNow()).ToArray())
        {
            _mail.Remove(mail);
            mail.Deliver();
        }

        Hear(grain);
        var actions = grain.Machine.Tick();
        grain.Held.AddRange(actions.OfType<BeginCapture>());
        if (grain.Machine.IsDirty)
        {
            if (!Save(grain))
            {
                foreach (var action in actions.Where(a => a is not BeginCapture && !grain.IsOver)) Act(action, grain);
                return;
            }

            if (CrashAfterSave(-1))
            {
                Crash();
                return;
            }
        }

        CycleAction[] all = [.. grain.Held.Where(b => grain.Machine.IsWanted(b.Order.Identity)), .. actions.Where(a => a is not BeginCapture)];
        grain.Held.Clear();
        for (var i = 0; i < all.Length; i++)
        {
            if (CrashAfterSave(i))
            {
                Crash();
                return;
            }

            Act(all[i], grain);
        }
    }

    private bool Save(SimulatedGrain grain)
    {
        grain.Machine.Saving();
        if (IsStorageAway || grain.Host.IsWithoutStorage)
        {
            grain.Machine.NotSaved();
            return false;
        }

        if (grain.Version != _version)
        {
            grain.IsOver = true;
            return false;
        }

        Write(grain);
        grain.Machine.Saved();
        return true;
    }

    private void Write(SimulatedGrain grain)
    {
        _disk = JsonSerializer.Serialize(grain.Machine.State);
        grain.Version = ++_version;
    }

    private SimulatedStream Stream(string key)
    {
        if (!_streams.TryGetValue(key, out var stream)) _streams[key] = stream = new SimulatedStream();
        return stream;
    }

    private void Mail(SimulatedGrain to, Action deliver) => _mail.Add((Time.GetUtcNow() + Delay(), to, deliver));

    private void CheckInvariants()
    {
        Assert.True(Running <= Settings.MaxConcurrentStreams, $"{Running} captures at once");
        foreach (var stream in _streams.Values.Where(s => s is { Hangs: false } && ReallyRuns(s)))
            Assert.True(Time.GetUtcNow() < stream.Running!.Deadline + Step, "a capture runs past the end of its cycle");
        foreach (var node in Nodes) Assert.True(RunningOn(node) <= node.Capacity, $"{node.Name} has more than it can");
        var snapshot = Snapshot();
        Assert.True(snapshot.Statistics.MaxConcurrentUsed <= Settings.MaxConcurrentStreams);
        Assert.All(snapshot.Tasks, task => Assert.DoesNotContain("secret", task.ToString(), StringComparison.Ordinal));
    }
}
