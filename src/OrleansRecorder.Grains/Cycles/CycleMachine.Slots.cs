using OrleansRecorder.Captures;
using OrleansRecorder.Scheduling;

namespace OrleansRecorder.Cycles;

// Who holds a slot: every running task, and every capture that lingers. Nobody else.
public sealed partial class CycleMachine
{
    private void Dispatch(CycleRun run)
    {
        var free = run.Settings.MaxConcurrentStreams - run.Tasks.Count(t => t.Stage == TaskStage.Running) - State.Lingering.Count;
        GoOn(run, ref free);

        var waiting = run.Tasks.Where(t => IsFresh(t) && Now >= _links[t.TaskId].NotBefore).Select(t => t.TaskId).ToHashSet();
        if (waiting.Count == 0) return;
        var active = run.Tasks.Where(t => t.Stage == TaskStage.Running || IsInterrupted(t)).Select(t => t.TaskId).ToHashSet();
        var progress = new CycleProgress((Now - run.StartedAt).TotalSeconds, waiting, active) { BusyKeys = State.Lingering.Select(l => l.Stream).ToHashSet() };
        foreach (var late in SlotDispatcher.TooLate(_plan!, progress)) EndUnbegun(run.Tasks[late]);

        var slots = _plan!.Limits.MaxConcurrent - State.Lingering.Count;
        var plan = _plan with { Limits = _plan.Limits with { MaxConcurrent = slots } };
        foreach (var start in SlotDispatcher.StartNow(plan, progress))
        {
            var task = run.Tasks[start.Index];
            if (task.Stage != TaskStage.Waiting) continue;
            task.PlannedSeconds = start.DurationSeconds;
            Begin(run, task, start.DurationSeconds);
        }
    }

    // Interrupted tasks had a slot when they were interrupted: it is kept for them, and they come before everyone else.
    private void GoOn(CycleRun run, ref int free)
    {
        foreach (var task in run.Tasks.Where(IsInterrupted))
        {
            free--;
            if (!IsWorthGoingOn(run, task)) EndInterrupted(task);
            else if (free >= 0 && Now >= _links[task.TaskId].NotBefore && !IsBusy(run, task.Stream)) Begin(run, task, task.PlannedSeconds - task.RecordedSeconds);
        }
    }

    private void Begin(CycleRun run, TaskState task, double seconds)
    {
        var isFirst = task.StartedAt is null;
        if (!isFirst) ExtendInterruption(task.Node);
        task.Stage = TaskStage.Running;
        task.Attempt++;
        task.StartedAt ??= Now;
        _links[task.TaskId] = new TaskLink { IsCalling = true, IsFirst = isFirst, HeardAt = Now };
        run.MaxConcurrentUsed = Math.Max(run.MaxConcurrentUsed, run.Tasks.Count(t => t.Stage == TaskStage.Running));
        Changed();
        _actions.Add(new BeginCapture(task.Stream, Order(run, task, seconds)));
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
    };

    private void Watch(CycleRun run)
    {
        var (tellFrom, limit) = State.Phase == CyclePhase.Stopping
            ? (run.StoppedAt!.Value, _options.StopGrace)
            : (run.Deadline() + _options.EndGrace, _options.EndLimit - _options.EndGrace);
        var isEnding = Now >= tellFrom;
        var isTooLate = Now >= Later(tellFrom, _bornAt) + limit;
        var lost = new List<TaskState>();
        foreach (var task in run.Tasks.Where(t => t.Stage == TaskStage.Running))
        {
            var link = _links[task.TaskId];
            if (isEnding) Tell(link, task.Stream, task.Identity(run.Number), State.Phase == CyclePhase.Stopping ? CaptureCause.Stopped : CaptureCause.CycleEnded);
            if (isTooLate)
            {
                Abandon(run, task);
            }
            else if (!link.IsCalling && Now >= link.NotBefore)
            {
                if (link.IsLost) lost.Add(task);
                else if (Now - link.HeardAt >= _options.SilenceBeforeAsking) Ask(link, task.Stream, task.Identity(run.Number));
            }
        }

        foreach (var node in lost.GroupBy(t => t.Node)) Find(run, node.Key, [.. node]);
    }

    private void WatchLingering()
    {
        foreach (var (stream, identity) in State.Lingering)
        {
            if (!_lingering.TryGetValue(identity, out var link)) _lingering[identity] = link = new TaskLink();
            Tell(link, stream, identity, CaptureCause.Stopped);
            if (!link.IsCalling && Now >= link.NotBefore) Ask(link, stream, identity);
        }
    }

    private void Tell(TaskLink link, string stream, CaptureIdentity identity, CaptureCause cause)
    {
        if (Now - link.ToldAt < _options.RetryPause) return;
        link.ToldAt = Now;
        _actions.Add(new EndCapture(stream, identity, cause));
    }

    private void Ask(TaskLink link, string stream, CaptureIdentity identity)
    {
        link.IsCalling = true;
        _actions.Add(new AskCapture(stream, identity));
    }

    private void Find(CycleRun run, string node, TaskState[] lost)
    {
        foreach (var task in lost) _links[task.TaskId].IsCalling = true;
        _actions.Add(new FindParts(node, run.Settings.OutputDirectory, run.Directory, [.. lost.Select(t => new LostCapture(t.Identity(run.Number), t.OutputFilename))]));
    }

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
