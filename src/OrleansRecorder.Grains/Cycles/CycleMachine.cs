using System.Globalization;
using OrleansRecorder.Captures;
using OrleansRecorder.Scheduling;

namespace OrleansRecorder.Cycles;

/// <summary>
/// The poll cycle as a state machine: it decides, and leaves the doing to its owner. The owner calls verbs for what has happened, then
/// <see cref="Tick"/>; persists <see cref="State"/> if <see cref="IsDirty"/>; and only then does what Tick has returned, telling each answer
/// by a verb again. All of it from one thread at a time. What is not in the state is found out again by asking (docs/design/cycle.md).
/// </summary>
public sealed partial class CycleMachine
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time;
    private readonly CycleOptions _options;
    private readonly DateTimeOffset _bornAt;
    private readonly DateTimeOffset _savedBefore;
    private readonly Dictionary<CaptureIdentity, TaskLink> _lingering = [];
    private List<TaskLink> _links = [];
    private List<CycleAction> _actions = [];
    private CyclePlan? _plan;
    private OpenCycle? _opening;
    private DateTimeOffset _openNotBefore;
    private int _openFailures;
    private bool _isReporting;
    private DateTimeOffset _reportNotBefore;
    private int _reportFailures;
    private long _reportedFrom;

    /// <summary>Goes on from a state: a new one, or the one that was persisted last.</summary>
    public CycleMachine(CycleState state, TimeProvider time, CycleOptions options)
    {
        State = state;
        _time = time;
        _options = options;
        _bornAt = Now;
        _savedBefore = state.SavedAt;
        Version = _bornAt.UtcTicks;
        if (state.Run is null) return;

        Adopt(state.Run);
        var isUnderWay = state.Phase is CyclePhase.Running or CyclePhase.Stopping;
        if (isUnderWay && Now > state.Run.Deadline() + options.EndLimit) NoteInterruption("", state.SavedAt);
    }

    /// <summary>What is to be persisted.</summary>
    public CycleState State { get; }

    /// <summary>The state has changed since <see cref="Saving"/>.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Grows with every change that a snapshot shows, over restarts too.</summary>
    public long Version { get; private set; }

    /// <summary>The scheduler runs: in a cycle, or in the pause between two.</summary>
    public bool IsRunning => State.Phase != CyclePhase.Idle;

    /// <summary>There is nothing to do until a verb is called; Tick need not be.</summary>
    public bool IsAtRest => State.Phase == CyclePhase.Idle && !State.ReportDue && State.Lingering.Count == 0;

    private DateTimeOffset Now => _time.GetUtcNow();

    private bool IsOver => State.Run is { } run && Now >= run.Deadline();

    /// <summary>Starts the scheduler; false when it runs already.</summary>
    public bool Start()
    {
        if (IsRunning) return false;
        State.Phase = CyclePhase.Opening;
        State.StartedAt = Now;
        State.EndedAt = null;
        State.CyclesDone = 0;
        Changed();
        return true;
    }

    /// <summary>Stops the scheduler; false when it does not run. It has stopped when <see cref="IsRunning"/> says so.</summary>
    public bool Stop()
    {
        if (!IsRunning) return false;
        if (State.Phase is CyclePhase.Opening or CyclePhase.Pausing) Rest();
        if (State.Phase != CyclePhase.Running) return true;

        State.Phase = CyclePhase.Stopping;
        State.Run!.StoppedAt = Now;
        foreach (var task in State.Run.Tasks.Where(t => t.Stage == TaskStage.Waiting)) End(task, CaptureCause.Stopped, CycleTexts.Stopped);
        Changed();
        return true;
    }

    /// <summary>Looks at the clock, and returns what is to be done once the state is safe.</summary>
    public IReadOnlyList<CycleAction> Tick()
    {
        if (State.Phase == CyclePhase.Pausing && Now >= State.NextCycleAt)
        {
            State.Phase = CyclePhase.Opening;
            Changed();
        }

        if (State.Phase == CyclePhase.Opening) Open();
        if (State.Phase is CyclePhase.Running or CyclePhase.Stopping) Advance(State.Run!);
        WatchLingering();
        Report();
        var actions = _actions;
        _actions = [];
        return actions;
    }

    /// <summary>The state is about to be written as it is now.</summary>
    public void Saving()
    {
        State.SavedAt = Now;
        IsDirty = false;
    }

    /// <summary>The configuration was read and the directory reserved.</summary>
    public void Opened(CycleOpening opening)
    {
        if (_opening?.At != opening.At) return;
        _opening = null;
        _openFailures = 0;
        if (State.Phase != CyclePhase.Opening) return;
        if (HasDoneAll(opening.Settings))
        {
            Rest();
            return;
        }

        State.Run = CycleRunFactory.Create((State.Run?.Number ?? 0) + 1, opening, State.Waiting);
        State.Phase = CyclePhase.Running;
        State.NextCycleAt = null;
        State.ReportDue = false;
        Adopt(State.Run);
        Changed();
    }

    /// <summary>It was not; it is tried again after a pause, so that no cycle is skipped.</summary>
    public void OpenFailed(DateTimeOffset at)
    {
        if (_opening?.At != at) return;
        _opening = null;
        _openNotBefore = Now + PauseAfter(++_openFailures);
    }

    /// <summary>The reports were written, or could not be and are tried again after a pause.</summary>
    public void ReportsWritten(CycleReport report, bool success)
    {
        _isReporting = false;
        _reportFailures = success ? 0 : _reportFailures + 1;
        _reportNotBefore = success ? default : Now + PauseAfter(_reportFailures);
        if (!success || !State.ReportDue || State.Run?.Number != report.Cycle.Cycle || report.Cycle.Version < _reportedFrom) return;
        State.ReportDue = false;
        Changed();
    }

    private void Open()
    {
        if (_opening is not null || Now < _openNotBefore) return;
        if (State.ReportDue && Now < State.Run?.EndedAt + _options.ReportPatience) return;
        var local = TimeZoneInfo.ConvertTime(Now, _time.LocalTimeZone);
        _opening = new OpenCycle(Now, local.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture));
        _actions.Add(_opening);
    }

    private void Advance(CycleRun run)
    {
        if (IsOver) CancelWaiting(run);
        Watch(run);
        if (State.Phase == CyclePhase.Running && !IsOver) Dispatch(run);
        if (run.Tasks.TrueForAll(t => t.Stage == TaskStage.Ended)) Close(run);
    }

    private void Close(CycleRun run)
    {
        run.EndedAt = Now;
        State.CyclesDone++;
        State.Waiting = [.. run.Tasks.Where(IsOwedAPlace).Select(t => new WaitingStream(t.Stream, t.OutputFilename, t.WaitedCycles + 1))];
        ReportAgain();
        if (State.Phase == CyclePhase.Stopping || HasDoneAll(run.Settings))
        {
            Rest();
            return;
        }

        State.Phase = CyclePhase.Pausing;
        State.NextCycleAt = Now + TimeSpan.FromSeconds(run.Settings.CycleIntervalSeconds);
        Changed();
    }

    private void Report()
    {
        if (!State.ReportDue || _isReporting || Now < _reportNotBefore || State.Run?.EndedAt is null) return;
        _isReporting = true;
        _actions.Add(new WriteReports(CycleView.Report(this, _time.LocalTimeZone)));
    }

    private void ReportAgain()
    {
        State.ReportDue = true;
        Changed();
        _reportedFrom = Version;
    }

    private void Rest()
    {
        State.Phase = CyclePhase.Idle;
        State.EndedAt = Now;
        State.NextCycleAt = null;
        Changed();
    }

    private void Adopt(CycleRun run)
    {
        _plan = CycleRunFactory.Plan(run);
        _links = [.. run.Tasks.Select(_ => new TaskLink())];
    }

    private void Changed()
    {
        IsDirty = true;
        Version++;
    }

    // Twice as long after each failure, up to half a minute: a full disk is not told of every second.
    private TimeSpan PauseAfter(int failures)
    {
        var pause = _options.RetryPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private bool HasDoneAll(CycleSettings settings) => settings.PollCycles > 0 && State.CyclesDone >= settings.PollCycles;

    // A stop that comes before a stream's planned start takes nothing from it that the next start would not give.
    private static bool IsOwedAPlace(TaskState task) =>
        task.StartedAt is null && (task.Cause != CaptureCause.Stopped || task.PlannedOffsetSeconds is null);
}
