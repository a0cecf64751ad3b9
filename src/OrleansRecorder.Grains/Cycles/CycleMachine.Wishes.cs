using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

// Starting and stopping. What the operator wants is written first, and done then.
public sealed partial class CycleMachine
{
    private CycleWish _wishBeingSaved;

    /// <summary>Asks for a start or a stop, which is done once it is written; false when it is done already.</summary>
    public bool Want(CycleWish wish)
    {
        if (wish == CycleWish.Start ? IsRunning || State.Wish == CycleWish.Start : !IsRunning) return false;
        State.Wish = wish;
        Changed();
        return true;
    }

    /// <summary>Takes back what was asked for and could not be written.</summary>
    public void Unwant()
    {
        if (State.Wish == CycleWish.None) return;
        State.Wish = CycleWish.None;
        Changed();
    }

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

    private void Fulfil()
    {
        var wish = State.Wish;
        State.Wish = CycleWish.None;
        if (wish == CycleWish.Start) Start();
        if (wish == CycleWish.Stop) Stop();
        if (wish != CycleWish.None) Changed();
    }

    private void Rest()
    {
        State.Phase = CyclePhase.Idle;
        State.EndedAt = Now;
        State.NextCycleAt = null;
        Changed();
    }
}
