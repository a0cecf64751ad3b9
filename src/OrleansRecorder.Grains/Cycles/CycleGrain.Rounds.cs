using Orleans.Storage;

namespace OrleansRecorder.Cycles;

// Rounds: what has come in, a tick, one write, the actions. One after the other, however many wait for them.
internal sealed partial class CycleGrain
{
    private const int RestRatio = 3;
    private static readonly TimeSpan FirstSavePause = TimeSpan.FromMilliseconds(250);
    private readonly List<BeginCapture> _held = [];
    private List<Action<CycleMachine>> _inbox = [];
    private Task _round = Task.CompletedTask;
    private Task? _nextRound;
    private TimeSpan _savePause;
    private TimeSpan _lastRound;
    private long _saveFailedAt;
    private bool _isVersionUnknown;

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
        await Rest();
        _round = _nextRound!;
        _nextRound = null;
        await Round();
    }

    // Much comes in at once when thousands of captures begin or end. The longer a round takes, the more of it shares the next one: so rounds, and their writes,
    // never take more than a part of the time. A small cycle's rest is too short to notice.
    private async Task Rest()
    {
        var rest = _options.TickPeriod < _lastRound * RestRatio ? _options.TickPeriod : _lastRound * RestRatio;
        if (rest > TimeSpan.Zero && !_machine.IsHurried) await Task.Delay(rest, _time);
    }

    private async Task Round()
    {
        if (_failure is not null) throw _failure;
        try
        {
            await DoRound();
        }
        catch (CycleUnavailableException)
        {
            // What was told is known, and written later; whoever told it hears that it is not safe yet, and tells it again.
            Pulse();
            throw;
        }
        catch (Exception exception)
        {
            GiveWay(exception);
            throw;
        }

        Pulse();
    }

    private async Task DoRound()
    {
        var begun = _time.GetTimestamp();
        var (phase, run, reportDue) = (_state.State.Phase, _state.State.Run, _state.State.ReportsOwed.Count > 0);
        var actions = Measured("decide", Decide);
        _held.AddRange(actions.OfType<BeginCapture>());
        try
        {
            if (_machine.IsDirty) await Save();
            Measured("begin", BeginHeld);
        }
        catch (CycleUnavailableException)
        {
            // Only a begin must be safe before it is done. Ends, questions and reports are right also if they are forgotten again.
            DoOthers(actions);
            throw;
        }

        DoOthers(actions);
        LogTransition(phase, run, reportDue);
        _lastRound = _time.GetElapsedTime(begun);
        CycleMeter.Round(_lastRound);
    }

    // What it does until it returns is one turn, or a part of one; a task's rest is not.
    private T Measured<T>(string step, Func<T> work)
    {
        var begun = _time.GetTimestamp();
        var result = work();
        CycleMeter.Turn(step, _time.GetElapsedTime(begun));
        return result;
    }

    private int BeginHeld()
    {
        foreach (var begin in _held.Where(begin => _machine.IsWanted(begin.Order.Identity))) _hands.Do(begin);
        var count = _held.Count;
        _held.Clear();
        return count;
    }

    private void DoOthers(IReadOnlyList<CycleAction> actions)
    {
        foreach (var action in actions)
        {
            if (action is not BeginCapture) _hands.Do(action);
        }
    }

    private void Pulse()
    {
        if (_machine.IsAtRest && !_machine.IsDirty) FallAsleep();
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
        var pause = _orders == 0 || _savePause < LongestHeldPause ? _savePause : LongestHeldPause;
        if (pause > TimeSpan.Zero && _time.GetElapsedTime(_saveFailedAt) < pause) throw new CycleUnavailableException();
        var begun = _time.GetTimestamp();
        _machine.Saving();
        try
        {
            await Write();
        }
        catch (Exception exception) when (exception is not InconsistentStateException)
        {
            // The activation knows more than the storage does: it goes on in memory, begins nothing, and writes when it can.
            if (_savePause == TimeSpan.Zero)
            {
                LogSaveFailed(exception);
                _awaySince = begun;
            }

            _machine.NotSaved();
            _saveFailedAt = _time.GetTimestamp();
            _savePause = _savePause == TimeSpan.Zero ? FirstSavePause : _savePause * 2 < _options.LongestSavePause ? _savePause * 2 : _options.LongestSavePause;
            throw new CycleUnavailableException();
        }

        if (_savePause > TimeSpan.Zero) LogSavedAgain();
        _savePause = TimeSpan.Zero;
        _machine.Saved();
        if (_machine.IsDirty) _ = NextRound();
    }

    // What a database that hung was given before, and has not answered, it may write when it goes on: then the state is another than was read, but still this activation's own.
    // Another one takes the term before it writes. So a version that is read before the term is seen to be mine is written by no other.
    private async Task Write()
    {
        if (!_isVersionUnknown)
        {
            try
            {
                await Measured("save", _state.WriteStateAsync);
                return;
            }
            catch (InconsistentStateException) when (_savePause > TimeSpan.Zero)
            {
                _isVersionUnknown = true;
            }
        }

        var known = _state.State;
        try
        {
            await _state.ReadStateAsync();
        }
        finally
        {
            _state.State = known;
        }

        if (!await _term.IsMine()) throw new InconsistentStateException("A newer activation has taken over the cycle.");
        _isVersionUnknown = false;
        LogLateWrite();
        await Measured("save", _state.WriteStateAsync);
    }

    private async Task Tick()
    {
        try
        {
            await NextRound();
        }
        catch (CycleUnavailableException)
        {
            // Said when the storage went away; the next tick tries again.
        }
    }

    // Another activation has written, or this one is broken. One that starts from what was written takes its place, as after a crash.
    private void GiveWay(Exception exception)
    {
        LogGivingWay(exception);
        _failure = exception;
        FallAsleep();
        DeactivateOnIdle();
    }
}
