using System.Text.Json;
using OrleansRecorder.Captures;
using OrleansRecorder.Streams;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Cycles;

/// <summary>
/// Everything around the state machine, simulated on a manual clock: storage, streams with their captures, an archive, and crashes.
/// It checks the invariants of docs/design/cycle.md at every step.
/// </summary>
internal sealed class SimulatedFarm
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, SimulatedStream> _streams = [];
    private readonly List<(DateTimeOffset Due, Action Deliver)> _mail = [];
    private readonly HashSet<CaptureIdentity> _begun = [];
    private string? _disk;

    public SimulatedFarm(int streams, double total, int slots, double duration, int pollCycles = 1, double interval = 1)
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
        Streams = [.. Enumerable.Range(0, streams).Select(i => new CycleStream($"rtsp://user:secret@camera/{i}", $"rtsp://camera/{i}", duration, 1, $"camera{i}.mp4"))];
        Machine = new CycleMachine(new CycleState(), Time, Options);
    }

    public ManualTime Time { get; } = new();

    public CycleOptions Options { get; } = new();

    public CycleSettings Settings { get; set; }

    public List<CycleStream> Streams { get; set; }

    public CycleMachine Machine { get; private set; }

    /// <summary>The order that a capture got, by its identity; a test may look at each.</summary>
    public List<CaptureOrder> Orders { get; } = [];

    public List<CycleReport> Reports { get; } = [];

    public List<string> Directories { get; } = [];

    /// <summary>How long messages take; a test may make it random.</summary>
    public Func<TimeSpan> Delay { get; set; } = () => TimeSpan.Zero;

    /// <summary>Called after each write of the state, with what is about to be done; true crashes there.</summary>
    public Func<int, bool> CrashAfterSave { get; set; } = _ => false;

    public bool ReportsFail { get; set; }

    public bool IsDown { get; private set; }

    public int Running => _streams.Values.Count(s => s.Running is not null);

    public SimulatedStream StreamOf(int index) => Stream(Streams[index].Stream);

    public CycleSnapshot Snapshot() => Machine.Snapshot();

    public CycleTask TaskOf(int id) => Snapshot().Tasks[id];

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
        foreach (var stream in _streams.Values) Advance(stream);
        CheckInvariants();
        if (!IsDown) Round();
        CheckInvariants();
    }

    /// <summary>The process dies: the machine, what was on its way, and every capture; files keep what they hold.</summary>
    public void Crash()
    {
        IsDown = true;
        _mail.Clear();
        foreach (var stream in _streams.Values) stream.Crash(Time.GetUtcNow());
    }

    /// <summary>The process comes back and reads what was saved.</summary>
    public void Restart()
    {
        IsDown = false;
        Machine = new CycleMachine(_disk is null ? new CycleState() : JsonSerializer.Deserialize<CycleState>(_disk)!, Time, Options);
        Round();
    }

    /// <summary>Only the grain moves: captures go on, mail to it is lost.</summary>
    public void MoveGrain()
    {
        _mail.Clear();
        Restart();
    }

    /// <summary>What the owner of the machine does: verbs, tick, save, act.</summary>
    public void Round()
    {
        foreach (var (due, deliver) in _mail.Where(m => m.Due <= Time.GetUtcNow()).ToArray())
        {
            _mail.Remove((due, deliver));
            deliver();
        }

        if (Second != Time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond)
        {
            Second = Time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond;
            Machine.Progressed(NodeReports.Of("node-1", [.. _streams.Values.Where(s => s.Running is not null).Select(s => s.Progress())]));
        }

        var actions = Machine.Tick();
        if (Machine.IsDirty)
        {
            Machine.Saving();
            _disk = JsonSerializer.Serialize(Machine.State);
            if (CrashAfterSave(-1))
            {
                Crash();
                return;
            }
        }

        for (var i = 0; i < actions.Count; i++)
        {
            if (CrashAfterSave(i))
            {
                Crash();
                return;
            }

            Act(actions[i]);
        }
    }

    private long Second { get; set; }

    private void Act(CycleAction action)
    {
        switch (action)
        {
            case OpenCycle open:
                var name = open.WantedDirectory;
                while (Directories.Contains(name)) name += "x";
                Directories.Add(name);
                Mail(() => Machine.Opened(new CycleOpening(open.At, name, Settings, [.. Streams])));
                break;
            case BeginCapture begin:
                var answer = Begin(Stream(begin.Stream), begin.Order);
                Mail(() => Machine.BeginAnswered(begin.Order.Identity, answer));
                break;
            case AskCapture ask:
                var running = Stream(ask.Stream).Running?.Identity;
                Mail(() => Machine.AskAnswered(ask.Identity, true, running));
                break;
            case EndCapture end when Stream(end.Stream) is { Hangs: false, Running: { } order } stream && order.Identity == end.Identity:
                Finish(stream, end.Cause, end.Cause == CaptureCause.CycleEnded && stream.Recorded > TimeSpan.Zero ? CaptureStatus.Completed : end.Cause.Status());
                break;
            case FindParts find:
                foreach (var capture in find.Captures)
                {
                    var parts = Stream(Machine.State.Run!.Tasks[capture.Identity.TaskId].Stream).Files.GetValueOrDefault(find.Directory)?.ToArray() ?? [];
                    Mail(() => Machine.PartsFound(capture.Identity, parts, isAll: true));
                }

                break;
            case WriteReports write:
                Reports.Add(write.Report);
                Mail(() => Machine.ReportsWritten(write.Report, !ReportsFail));
                break;
        }
    }

    private CaptureAcceptance Begin(SimulatedStream stream, CaptureOrder order)
    {
        var verdict = CaptureFence.Judge(order, stream.Running?.Identity, stream.Seen, Time.GetUtcNow());
        if (verdict == CaptureFence.Verdict.Replace) Finish(stream, CaptureCause.Interrupted, CaptureStatus.RecordingError);
        if (verdict is CaptureFence.Verdict.Busy or CaptureFence.Verdict.Outdated)
            return verdict == CaptureFence.Verdict.Busy ? CaptureAcceptance.Busy : CaptureAcceptance.Outdated;
        if (stream.Drains) return CaptureAcceptance.Draining;
        if (verdict == CaptureFence.Verdict.Runs) return CaptureAcceptance.Accepted;

        Assert.True(_begun.Add(order.Identity), $"{order.Identity} was begun twice");
        Assert.True(order.Duration > TimeSpan.Zero);
        Orders.Add(order);
        stream.Begin(order, Time.GetUtcNow());
        return CaptureAcceptance.Accepted;
    }

    private void Advance(SimulatedStream stream)
    {
        if (stream.Running is not { } order) return;
        var now = Time.GetUtcNow();
        if (stream.Failure is { } cause && now >= stream.StartedAt + stream.FailsAfter) Finish(stream, cause, cause.Status());
        else if (stream.Hangs) return;
        else if (stream.RecordedAt(now) >= order.Duration) Finish(stream, CaptureCause.DurationReached, CaptureStatus.Completed);
        else if (now >= order.Deadline) Finish(stream, CaptureCause.CycleEnded, stream.Recorded > TimeSpan.Zero ? CaptureStatus.Completed : CaptureStatus.Cancelled);
    }

    private void Finish(SimulatedStream stream, CaptureCause cause, CaptureStatus status)
    {
        var result = stream.Finish(cause, status, Time.GetUtcNow());
        if (!IsDown) Mail(() => Machine.CaptureEnded(result));
    }

    private SimulatedStream Stream(string key)
    {
        if (!_streams.TryGetValue(key, out var stream)) _streams[key] = stream = new SimulatedStream();
        return stream;
    }

    private void Mail(Action deliver) => _mail.Add((Time.GetUtcNow() + Delay(), deliver));

    private void CheckInvariants()
    {
        Assert.True(Running <= Settings.MaxConcurrentStreams, $"{Running} captures at once");
        foreach (var stream in _streams.Values.Where(s => s is { Running: not null, Hangs: false }))
            Assert.True(Time.GetUtcNow() < stream.Running!.Deadline + Step, "a capture runs past the end of its cycle");
        var snapshot = Snapshot();
        Assert.True(snapshot.Statistics.MaxConcurrentUsed <= Settings.MaxConcurrentStreams);
        Assert.All(snapshot.Tasks, task => Assert.DoesNotContain("secret", task.ToString(), StringComparison.Ordinal));
    }
}
