using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

// Captures that run are looked after: told to end when their time is over, asked for when nobody speaks of them.
public sealed partial class CycleMachine
{
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
            if (!link.IsLost && _roster.IsGone(task.Node, task.Life)) (link.IsLost, link.IsCalling) = (true, false);
            if (isEnding) Tell(link, task.Stream, task.Identity(run.Number), State.Phase == CyclePhase.Stopping ? CaptureCause.Stopped : CaptureCause.CycleEnded);
            if (isTooLate)
            {
                Abandon(run, task);
            }
            else if (!link.IsCalling && Now >= link.NotBefore)
            {
                if (link.IsLost) lost.Add(task);
                else if (Now - link.HeardAt >= _options.SilenceBeforeAsking) Ask(link, task.Stream, task.Identity(run.Number), task.Life);
            }
        }

        foreach (var node in lost.GroupBy(t => t.Node)) Find(run, node.Key, [.. node]);
    }

    private void WatchLingering()
    {
        foreach (var gone in State.Lingering.Where(l => l.Life.Length > 0 && _roster.IsGone(l.Node, l.Life)).ToArray()) Lose(gone);
        foreach (var (stream, identity, _, life) in State.Lingering)
        {
            if (!_lingering.TryGetValue(identity, out var link)) _lingering[identity] = link = new TaskLink();
            Tell(link, stream, identity, CaptureCause.Stopped);
            if (!link.IsCalling && Now >= link.NotBefore) Ask(link, stream, identity, life);
        }
    }

    private void Tell(TaskLink link, string stream, CaptureIdentity identity, CaptureCause cause)
    {
        if (Now - link.ToldAt < _options.RetryPause) return;
        link.ToldAt = Now;
        _actions.Add(new EndCapture(stream, identity, cause));
    }

    private void Ask(TaskLink link, string stream, CaptureIdentity identity, string life)
    {
        link.IsCalling = true;
        _actions.Add(new AskCapture(stream, identity, life));
    }
}
