using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>
/// The farm's poll cycle: feeds <see cref="CycleMachine"/> with what happens, makes its state safe, and does what it wants done.
/// Everything goes through rounds, one after the other: what has come in, a tick, one write, then the actions, whose answers
/// come in again. So the class may be reentrant, and no stream, node or archive that hangs holds up a turn.
/// </summary>
[GrainType("cycle"), Reentrant]
internal sealed partial class CycleGrain : Grain, ICycleGrain, IRemindable
{
    private const string ReminderName = "resume";
    private const int SaveAttempts = 3;
    private static readonly TimeSpan SavePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2.9);
    private readonly IPersistentState<CycleState> _state;
    private readonly TimeProvider _time;
    private readonly CycleOptions _options;
    private readonly ReminderOptions _reminders;
    private readonly CycleHands _hands;
    private readonly CycleSuccessor _successor;
    private readonly ILogger _logger;
    private readonly Dictionary<string, NodeReport> _progress = [];
    private List<Action<CycleMachine>> _inbox = [];
    private TaskCompletionSource _changed = new();
    private CycleMachine _machine = null!;
    private Task _round = Task.CompletedTask;
    private Task? _nextRound;
    private IGrainTimer? _timer;
    private Exception? _failure;

    public CycleGrain(
        [PersistentState("cycle")] IPersistentState<CycleState> state,
        IOptions<CycleOptions> options,
        IOptions<ReminderOptions> reminders,
        TimeProvider time,
        ILogger<CycleGrain> logger,
        CycleHandsFactory hands,
        CycleSuccessor successor)
    {
        _state = state;
        _time = time;
        _options = options.Value;
        _reminders = reminders.Value;
        _logger = logger;
        _hands = hands.Create(Tell);
        _successor = successor;
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _machine = new CycleMachine(_state.State, _time, _options);
        if (!_machine.IsAtRest)
        {
            LogResuming(_state.State.Phase, _state.State.Run?.Number ?? 0);
            WakeUp();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // What is still on its way to this activation is for its successor: a write from here would only take the state from under it.
        var gaveWay = _failure is not null;
        _failure ??= new OrleansException("The cycle goes on in another activation.");
        FallAsleep();
        await Task.WhenAny(_round, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        if (gaveWay && reason.ReasonCode != DeactivationReasonCode.ShuttingDown) _successor.WakeUp();
    }

    /// <inheritdoc/>
    public async Task<bool> Start()
    {
        var started = false;
        await Post(machine => started = machine.Start());
        if (started) LogStarted();
        return started;
    }

    /// <inheritdoc/>
    public async Task<bool> Stop()
    {
        var deadline = Task.Delay(StopLimit, _time);
        var stopped = false;
        await Post(machine => stopped = machine.Stop());
        if (!stopped) return false;
        while (_machine.IsRunning || _machine.State.ReportDue)
        {
            if (await Task.WhenAny(_changed.Task, deadline) == deadline) break;
        }

        LogStopped();
        return true;
    }

    /// <inheritdoc/>
    public Task Resume() => Post(_ => { });

    /// <inheritdoc/>
    public Task<CycleSnapshot> GetSnapshot() => Task.FromResult(_machine.Snapshot());

    /// <inheritdoc/>
    public Task CaptureEnded(CaptureResult result) => Post(machine => machine.CaptureEnded(result));

    /// <inheritdoc/>
    public Task<NodeLease> Report(NodeReport report)
    {
        _progress[report.Node] = report;
        if (_failure is null) _ = NextRound();
        return Task.FromResult(new NodeLease(TimeSpan.FromSeconds(6)));
    }

    /// <inheritdoc/>
    public Task<NodeStatus[]> GetNodes() => Task.FromResult<NodeStatus[]>([]);

    /// <inheritdoc/>
    public Task<bool> ForgetNode(string name) => Task.FromResult(false);

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Resume();
        if (_machine.IsAtRest && await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    // Nobody waits for an answer to be taken in; if it cannot be, the activation gives way, and says so.
    private void Tell(Action<CycleMachine> verb) => _ = Post(verb);

    /// <summary>Completes when what the verb has changed is persisted, and the actions that follow from it are under way.</summary>
    private Task Post(Action<CycleMachine> verb)
    {
        if (_failure is not null) return Task.FromException(_failure);
        _inbox.Add(verb);
        return NextRound();
    }

    // A round that runs has taken its inbox: what comes in meanwhile shares the one after it, and so one write.
    private Task NextRound() => _nextRound ??= RunNext(_round);

    private async Task RunNext(Task current)
    {
        await Task.Yield();
        await Task.WhenAny(current);
        _round = _nextRound!;
        _nextRound = null;
        await Round();
    }

    private async Task Round()
    {
        if (_failure is not null) throw _failure;
        try
        {
            var (phase, run, reportDue) = (_state.State.Phase, _state.State.Run, _state.State.ReportDue);
            var actions = Decide();
            if (_machine.IsDirty) await Save();
            foreach (var action in actions) _hands.Do(action);
            LogTransition(phase, run, reportDue);
        }
        catch (Exception exception)
        {
            GiveWay(exception);
            throw;
        }

        if (_machine.IsAtRest) FallAsleep();
        else WakeUp();
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private IReadOnlyList<CycleAction> Decide()
    {
        var inbox = _inbox;
        _inbox = [];
        foreach (var verb in inbox) verb(_machine);
        foreach (var batch in _progress.Values) _machine.Progressed(batch);
        _progress.Clear();
        return _machine.Tick();
    }

    private async Task Save()
    {
        _machine.Saving();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _state.WriteStateAsync();
                return;
            }
            catch (Exception exception) when (attempt < SaveAttempts && exception is not InconsistentStateException)
            {
                LogSaveFailed(exception, attempt);
            }

            await Task.Delay(SavePause, _time);
        }
    }

    // An activation that cannot write knows more than the storage does. One that starts from what was written takes its place, as after a crash.
    private void GiveWay(Exception exception)
    {
        LogGivingWay(exception);
        _failure = exception;
        FallAsleep();
        DeactivateOnIdle();
    }

    private void WakeUp()
    {
        if (_timer is not null) return;
        var options = new GrainTimerCreationOptions(_options.TickPeriod, _options.TickPeriod) { Interleave = true, KeepAlive = true };
        _timer = this.RegisterGrainTimer(NextRound, options);
        _ = Remind();
    }

    private void FallAsleep()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private async Task Remind()
    {
        try
        {
            await this.RegisterOrUpdateReminder(ReminderName, _reminders.MinimumReminderPeriod, _reminders.MinimumReminderPeriod);
        }
        catch (Exception exception)
        {
            // The timer does the work. The reminder only brings the grain back after a crash, as the start of every silo does too.
            LogNoReminder(exception);
        }
    }
}
