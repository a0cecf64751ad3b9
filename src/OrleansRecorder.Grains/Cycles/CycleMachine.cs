using System.Globalization;
using OrleansRecorder.Captures;
using OrleansRecorder.Cycles.Nodes;
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

    /// <summary>Goes on from a state: a new one, or the one that was persisted last.</summary>
    public CycleMachine(CycleState state, TimeProvider time, CycleOptions options)
    {
        State = state;
        _time = time;
        _options = options;
        _bornAt = Now;
        _savedBefore = state.SavedAt;
        _roster = new NodeRoster(state.Nodes, time, options);
        (_lookPauses, _pastPauses) = (new(PauseAfter), new(PauseAfter));
        Version = _bornAt.UtcTicks;
        IsConcluding = state.ReportDue;
        if (state.Run is not null) Adopt(state.Run);
        Fulfil();
        if (state.Run is null) return;
        var isUnderWay = state.Phase is CyclePhase.Running or CyclePhase.Stopping;
        if (isUnderWay && Now > state.Run.Deadline() + options.EndLimit) NoteInterruption("", state.SavedAt);
    }

    /// <summary>What is to be persisted.</summary>
    public CycleState State { get; }

    /// <summary>The state has changed since <see cref="Saving"/>.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>The last write failed. Until one succeeds nothing is begun; what runs goes on.</summary>
    public bool IsStorageAway { get; private set; }

    /// <summary>Grows with every change that a snapshot shows, over restarts too.</summary>
    public long Version { get; private set; }

    /// <summary>The scheduler runs: in a cycle, or in the pause between two.</summary>
    public bool IsRunning => State.Phase != CyclePhase.Idle;

    /// <summary>
    /// A cycle is over, and its first reports are not yet in every archive that can be reached. Snapshots say until then that the scheduler runs, but no longer than
    /// <see cref="CycleOptions.ReportPatience"/>.
    /// </summary>
    public bool IsConcluding { get; private set; }

    /// <summary>There is nothing to do until a verb is called; Tick need not be.</summary>
    public bool IsAtRest => State is { Phase: CyclePhase.Idle, ReportDue: false, Lingering.Count: 0, Wish: CycleWish.None };

    /// <summary>Somebody waits for a start or a stop.</summary>
    public bool IsHurried => State.Wish != CycleWish.None || State.Phase == CyclePhase.Stopping;

    private DateTimeOffset Now => _time.GetUtcNow();

    private bool IsOver => State.Run is { } run && Now >= run.Deadline();

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
        LookBack();
        Report();
        var actions = StartJitter.Spread(_actions, _options);
        _actions = [];
        return actions;
    }

    /// <summary>The state is about to be written as it is now.</summary>
    public void Saving()
    {
        State.SavedAt = Now;
        IsDirty = false;
        _wishBeingSaved = State.Wish;
    }

    /// <summary>It was written. A start or stop that was asked for is done with this.</summary>
    public void Saved()
    {
        IsStorageAway = false;
        if (_wishBeingSaved == State.Wish) Fulfil();
    }

    /// <summary>It could not be written, and is still to be.</summary>
    public void NotSaved()
    {
        IsStorageAway = true;
        IsDirty = true;
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

        var number = (State.Run?.Number ?? 0) + 1;
        KeepPast(number);
        State.Run = CycleRunFactory.Create(number, opening, State.Waiting);
        State.Phase = CyclePhase.Running;
        State.NextCycleAt = null;
        State.ReportDue = false;
        IsConcluding = false;
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

    private void Open()
    {
        if (_opening is not null || Now < _openNotBefore || IsStorageAway) return;
        if (State.ReportDue && Now < State.Run?.EndedAt + _options.ReportPatience) return;
        string[] archives = [.. Placement().Preferred.Select(node => node.Report.Archive).Distinct()];
        if (archives.Length == 0) return;
        var local = TimeZoneInfo.ConvertTime(Now, _time.LocalTimeZone);
        _opening = new OpenCycle(Now, local.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture), archives);
        _actions.Add(_opening);
    }

    private void Advance(CycleRun run)
    {
        if (IsOver) CancelWaiting(run);
        Watch(run);
        if (State.Phase == CyclePhase.Running && !IsOver && !IsStorageAway) Dispatch(run);
        if (run.Tasks.TrueForAll(t => t.Stage == TaskStage.Ended)) Close(run);
    }

    private void Close(CycleRun run)
    {
        run.EndedAt = Now;
        State.CyclesDone++;
        State.Waiting = [.. run.Tasks.Where(IsOwedAPlace).Select(t => new WaitingStream(t.Stream, t.OutputFilename, t.WaitedCycles + 1))];
        ReportAgain();
        IsConcluding = true;
        if (State.Phase == CyclePhase.Stopping || HasDoneAll(run.Settings))
        {
            Rest();
            return;
        }

        State.Phase = CyclePhase.Pausing;
        State.NextCycleAt = Now + TimeSpan.FromSeconds(run.Settings.CycleIntervalSeconds);
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
