namespace OrleansRecorder.Cycles;

// Snapshots are polled by many: what has not changed is made once.
public sealed partial class CycleMachine
{
    private CycleSnapshot? _snapshot;

    /// <summary>The scheduler and its cycle at this moment.</summary>
    public CycleSnapshot Snapshot()
    {
        if (_snapshot?.Version != Version) _snapshot = ShowAll();
        if (State.Run is not { EndedAt: null } run) return _snapshot;
        return _snapshot with { ElapsedSeconds = Math.Clamp((Now - run.StartedAt).TotalSeconds, 0, run.Settings.TotalSeconds) };
    }

    private CycleSnapshot ShowAll()
    {
        var snapshot = CycleView.Snapshot(State, State.Run, ShowTasks(), Version, Now);
        return IsConcluding ? snapshot with { IsRunning = true, EndedAt = null } : snapshot;
    }

    private CycleTask[] ShowTasks()
    {
        if (State.Run is not { } run) return [];
        var tasks = new CycleTask[run.Tasks.Count];
        for (var i = 0; i < tasks.Length; i++) tasks[i] = _links[i].Shown ??= CycleView.Task(run.Tasks[i], _links[i].Progress ?? run.Tasks[i].LastProgress);
        return tasks;
    }
}
