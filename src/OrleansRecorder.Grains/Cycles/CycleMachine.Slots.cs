using OrleansRecorder.Captures;
using OrleansRecorder.Cycles.Nodes;
using OrleansRecorder.Nodes;
using OrleansRecorder.Scheduling;

namespace OrleansRecorder.Cycles;

// Who holds a slot: every running task, and every capture that lingers. Nobody else.
public sealed partial class CycleMachine
{
    private void Dispatch(CycleRun run)
    {
        StartTasks(run);
        run.MaxConcurrentUsed = Math.Max(run.MaxConcurrentUsed, run.Tasks.Count(t => t.Stage == TaskStage.Running));
    }

    private void StartTasks(CycleRun run)
    {
        var placement = Placement();
        var free = run.Settings.MaxConcurrentStreams - run.Tasks.Count(t => t.Stage == TaskStage.Running) - State.Lingering.Count;
        GoOn(run, placement, ref free);

        var waiting = run.Tasks.Where(t => IsFresh(t) && Now >= _links[t.TaskId].NotBefore).Select(t => t.TaskId).ToHashSet();
        if (waiting.Count == 0) return;
        var active = run.Tasks.Where(t => t.Stage == TaskStage.Running || IsInterrupted(t)).Select(t => t.TaskId).ToHashSet();
        var progress = new CycleProgress((Now - run.StartedAt).TotalSeconds, waiting, active) 
        {
            BusyKeys = State.Lingering.Select(l => l.Stream).ToHashSet(),
            BusyServers = [.. State.Lingering.Select(l => CycleRunFactory.ServerOf(l.Stream)).OfType<string>()],
        };
        foreach (var late in SlotDispatcher.TooLate(_plan!, progress)) EndUnbegun(run.Tasks[late]);
        foreach (var id in waiting) _links[id].HeldBy = null;
        foreach (var held in SlotDispatcher.HeldBack(_plan!, progress)) _links[held].HeldBy = CycleTexts.HostIsBusy;

        var slots = _plan!.Limits.MaxConcurrent - State.Lingering.Count;
        var plan = _plan with { Limits = _plan.Limits with { MaxConcurrent = slots } };
        foreach (var start in SlotDispatcher.StartNow(plan, progress))
        {
            var task = run.Tasks[start.Index];
            if (task.Stage != TaskStage.Waiting) continue;
            if (placement.Take() is not { } node)
            {
                _links[task.TaskId].HeldBy = CycleTexts.NoRoom;
                continue;
            }

            task.PlannedSeconds = start.DurationSeconds;
            Begin(run, task, start.DurationSeconds, node.Report);
        }
    }

    // Interrupted tasks had a slot when they were interrupted: it is kept for them, and they come before everyone else.
    private void GoOn(CycleRun run, FreePlaces placement, ref int free)
    {
        foreach (var task in run.Tasks.Where(IsInterrupted))
        {
            free--;
            if (!IsWorthGoingOn(run, task)) EndInterrupted(task);
            else if (free >= 0 && Now >= _links[task.TaskId].NotBefore && !IsBusy(run, task.Stream) && placement.Take() is { } node)
                Begin(run, task, task.PlannedSeconds - task.RecordedSeconds, node.Report);
        }
    }

    private void Begin(CycleRun run, TaskState task, double seconds, NodeReport node)
    {
        var isFirst = task.StartedAt is null;
        if (!isFirst) ExtendInterruption(task.Node);
        task.Stage = TaskStage.Running;
        task.Attempt++;
        task.PartsBegun = 1;
        (task.Node, task.Life) = (node.Node, node.Life);
        task.StartedAt ??= Now;
        _links[task.TaskId] = new TaskLink { IsCalling = true, IsFirst = isFirst, IsOurs = true, HeardAt = Now };
        Changed();
        _actions.Add(new BeginCapture(task.Stream, Order(run, task, seconds), task.Life));
    }

    private static CaptureOrder Order(CycleRun run, TaskState task, double seconds) => new()
    {
        Identity = task.Identity(run.Number),
        RtspUrl = task.RtspUrl,
        OutputDirectory = run.Settings.OutputDirectory,
        CycleDirectory = run.Directory,
        OutputFilename = task.OutputFilename,
        Duration = TimeSpan.FromSeconds(seconds),
        Deadline = run.Deadline(),
        ConnectionTimeout = TimeSpan.FromSeconds(run.Settings.ConnectionTimeoutSeconds),
        ReadTimeout = TimeSpan.FromSeconds(run.Settings.ReadTimeoutSeconds),
        KeyFrameTimeout = TimeSpan.FromSeconds(run.Settings.KeyFrameTimeoutSeconds),
        FirstPart = task.NextPart,
        StreamIndex = task.StreamIndex,
        Node = task.Node,
        Ingest = task.Ingest,
        AcceptsAnyCertificate = task.AcceptsAnyCertificate,
    };

    private void CancelWaiting(CycleRun run)
    {
        foreach (var task in run.Tasks.Where(t => t.Stage == TaskStage.Waiting))
        {
            if (IsInterrupted(task)) EndInterrupted(task);
            else EndUnbegun(task);
        }
    }

    private bool IsBusy(CycleRun run, string stream) =>
        State.Lingering.Exists(l => l.Stream == stream) || run.Tasks.Exists(t => t.Stage == TaskStage.Running && t.Stream == stream);

    private static bool IsFresh(TaskState task) => task is { Stage: TaskStage.Waiting, StartedAt: null };

    private static bool IsInterrupted(TaskState task) => task is { Stage: TaskStage.Waiting, StartedAt: not null };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
