using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
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
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2.9);
    private readonly IPersistentState<CycleState> _state;
    private readonly TimeProvider _time;
    private readonly CycleOptions _options;
    private readonly ReminderOptions _reminders;
    private readonly CycleHands _hands;
    private readonly CycleSuccessor _successor;
    private readonly CycleTerm _term;
    private readonly ILogger _logger;
    private readonly Dictionary<string, NodeReport> _progress = [];
    private TaskCompletionSource _changed = new();
    private CycleMachine _machine = null!;
    private IGrainTimer? _timer;
    private Exception? _failure;
    private bool _isTermUnknown;

    public CycleGrain(
        [PersistentState("cycle")] IPersistentState<CycleState> state,
        [PersistentState("cycle-term")] IPersistentState<CycleTermState> term,
        ILocalSiloDetails silo,
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
        _term = new CycleTerm(term, silo.SiloAddress.ToParsableString(), time, _options);
    }

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // From here on no older activation renews a lease, or writes: what it had begun until now is read, and the write takes the state from under it.
        await _term.Take();
        await _state.ReadStateAsync();
        _machine = new CycleMachine(_state.State, _time, _options);
        _machine.Saving();
        await _state.WriteStateAsync();
        _machine.Saved();

        var look = new GrainTimerCreationOptions(_options.TermPeriod, _options.TermPeriod) { Interleave = true };
        this.RegisterGrainTimer(LookAtTerm, look);
        if (_machine.IsAtRest) return;
        LogResuming(_state.State.Phase, _state.State.Run?.Number ?? 0);
        WakeUp();
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
        var started = await Ask(CycleWish.Start);
        if (started) LogStarted();
        return started;
    }

    /// <inheritdoc/>
    public async Task<bool> Stop()
    {
        var isConcluding = _machine.IsConcluding;
        if (!await Ask(CycleWish.Stop) && !isConcluding) return false;
        var deadline = Task.Delay(StopLimit, _time);
        while (_machine.IsRunning || _machine.State.ReportDue)
        {
            if (await Task.WhenAny(_changed.Task, deadline) == deadline) break;
        }

        LogStopped();
        return true;
    }

    /// <inheritdoc/>
    public Task Resume() => Tick();

    /// <inheritdoc/>
    public Task<CycleSnapshot> GetSnapshot() => Task.FromResult(Measured("snapshot", _machine.Snapshot));

    /// <inheritdoc/>
    public Task CaptureEnded(CaptureResult result) => Post(machine => machine.CaptureEnded(result));

    /// <inheritdoc/>
    public Task<NodeLease> Report(NodeReport report)
    {
        if (_failure is not null) return Task.FromException<NodeLease>(_failure);
        var lease = Measured("report", () => _machine.Heard(report, _term.Allowance(_machine.HasMajority)));
        _progress[report.Node] = report;
        _ = NextRound();
        return Task.FromResult(lease);
    }

    /// <inheritdoc/>
    public Task<NodeStatus[]> GetNodes() => Task.FromResult(Measured("nodes", _machine.Nodes));

    /// <inheritdoc/>
    public Task<bool> ForgetNode(string name) => Held(async () =>
    {
        var forgotten = false;
        await Post(machine => forgotten = machine.Forget(name));
        while (!forgotten && _machine.IsAboutToBeGone(name))
        {
            await Task.Delay(_options.TickPeriod, _time);
            await Post(machine => forgotten = machine.Forget(name));
        }

        return forgotten;
    });

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Resume();
        if (_machine.IsAtRest && await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    // Written first and done then, so that a start or a stop that is answered with an error does not happen later.
    private Task<bool> Ask(CycleWish wish) => Held(async () =>
    {
        var granted = false;
        var isGivenUp = false;
        try
        {
            await Post(machine => granted = !isGivenUp && machine.Want(wish)).WaitAsync(_options.CallTimeout, _time);
        }
        catch (Exception exception) when (exception is TimeoutException or CycleUnavailableException)
        {
            isGivenUp = true;
            _machine.Unwant();
            throw;
        }

        if (granted) _ = NextRound();
        return granted;
    });

    private async Task LookAtTerm()
    {
        if (_failure is not null) return;
        try
        {
            if (!await _term.IsMine()) GiveWay(new OrleansException("A newer activation has taken over the cycle."));
            else _machine.CountVoters();
            _isTermUnknown = false;
        }
        catch (Exception exception)
        {
            // Leases go on while most nodes report, and end otherwise; it looks again in a moment.
            if (!_isTermUnknown) LogTermUnknown(exception);
            _isTermUnknown = true;
        }
    }

    private void WakeUp()
    {
        if (_timer is not null) return;
        var options = new GrainTimerCreationOptions(_options.TickPeriod, _options.TickPeriod) { Interleave = true, KeepAlive = true };
        _timer = this.RegisterGrainTimer(Tick, options);
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
