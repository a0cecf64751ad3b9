using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;
using OrleansRecorder.Streams;

namespace OrleansRecorder.Cycles;

// What streams, nodes and archives tell of captures.
public sealed partial class CycleMachine
{
    private static readonly TimeSpan OneInterruption = TimeSpan.FromMinutes(1);

    /// <summary>A stream has answered an order; null when it did not, and the order may or may not have reached it.</summary>
    public void BeginAnswered(CaptureIdentity identity, CaptureAcceptance? answer)
    {
        if (FindRunning(identity) is not { } task) return;
        var link = _links[task.TaskId];
        link.IsCalling = false;
        switch (answer)
        {
            case CaptureAcceptance.Accepted:
                link.HeardAt = Now;
                link.IsAccepted = true;
                break;
            case null:
                link.HeardAt = DateTimeOffset.MinValue;
                link.NotBefore = Now + _options.RetryPause;
                break;
            case CaptureAcceptance.Elsewhere:
                PutBack(task, link, _options.ElsewherePause);
                break;
            default:
                PutBack(task, link, _options.RetryPause);
                break;
        }
    }

    /// <summary>A capture has ended. May come twice, and late; results of older attempts only free the slot that they may still hold.</summary>
    public void CaptureEnded(CaptureResult result)
    {
        EndLingering(result.Identity);
        if (FindGivenUp(result.Identity) is { } late)
        {
            EndedLate(late, result);
            return;
        }

        if (FindRunning(result.Identity) is not { } task) return;
        Take(task, result);
        if (result.Cause == CaptureCause.Interrupted && State.Phase == CyclePhase.Running)
        {
            Interrupt(task, result.Parts, result.EndedAt);
            return;
        }

        AddParts(task, result.Parts);
        End(task, result.Cause, result.Message, result.Status);
        task.EndedAt = result.EndedAt;
    }

    private static void Take(TaskState task, CaptureResult result)
    {
        Count(task, result.Progress);
        task.Connections += result.Connections;
        if (result.Node.Length > 0 && result.Node != task.Node) (task.Node, task.Life) = (result.Node, "");
        task.Warnings.AddRange(result.Warnings);
    }

    // Its task was closed without it, and perhaps its cycle is over: the reports are written again.
    private void EndedLate(TaskState task, CaptureResult result)
    {
        Take(task, result);
        task.Parts.AddRange(Unknown(task, result.Parts));
        (task.Cause, task.Status, task.Message, task.EndedAt) = (result.Cause, result.Status, result.Message, result.EndedAt);
        (task.Provisional, task.LastProgress) = (false, null);
        Correct(Kept(result.Identity.Cycle)!, task, result.Parts.Length > 0 ? _roster.ArchiveOf(task.Node) : "");
    }

    /// <summary>A node has told how far its captures are. Changes nothing that is persisted but which node it is.</summary>
    public void Progressed(NodeReport batch)
    {
        // Of a life that another has followed; nothing it says counts.
        if (_roster.Find(batch.Node) is { } known && known.Report.Life != batch.Life) return;
        Remember(batch);
        foreach (var progress in batch.Captures)
        {
            if (FindRunning(progress.Identity) is { } task)
            {
                var link = _links[task.TaskId];
                (link.IsLost, link.IsAccepted) = (false, true);
                link.HeardAt = Now;
                link.Progress = progress;
                if (task.Node != batch.Node || task.Life != batch.Life) Settle(task, batch);
                if (progress.PartsBegun > task.PartsBegun) Announced(task, progress.PartsBegun);
                Show(task);
            }
            else if (IsUnwanted(progress.Identity) is { } stream)
            {
                _actions.Add(new EndCapture(stream, progress.Identity, CaptureCause.Interrupted));
            }
        }
    }

    private void Settle(TaskState task, NodeReport node)
    {
        (task.Node, task.Life) = (node.Node, node.Life);
        Changed();
    }

    // A transition, if a small one: whoever goes on after a crash must not give the name of that file away.
    private void Announced(TaskState task, int parts)
    {
        task.PartsBegun = parts;
        Changed();
    }

    // Of an older attempt: it was given up, and another has taken its place.
    private string? IsUnwanted(CaptureIdentity identity) =>
        State.Run is { } run && identity.Cycle == run.Number && run.Tasks.ElementAtOrDefault(identity.TaskId) is { } task && identity.Attempt < task.Attempt ? task.Stream : null;

    private void PutBack(TaskState task, TaskLink link, TimeSpan pause)
    {
        if (link.IsFirst) (task.StartedAt, task.Node, task.Life) = (null, "", "");
        task.Stage = TaskStage.Waiting;
        _links[task.TaskId] = new TaskLink { NotBefore = Now + pause };
        if (State.Phase == CyclePhase.Stopping) End(task, CaptureCause.Stopped, CycleTexts.Stopped);
        Changed();
    }

    private void Interrupt(TaskState task, RecordedPart[] parts, DateTimeOffset from)
    {
        AddParts(task, parts);
        NoteInterruption(task.Node, from);
        task.Stage = TaskStage.Waiting;
        _links[task.TaskId] = new TaskLink();
        var run = State.Run!;
        if (State.Phase != CyclePhase.Running || !IsWorthGoingOn(run, task)) EndInterrupted(task);
        else task.Warnings.Add(CycleTexts.WentOn(task.Attempt));
        Changed();
    }

    private void EndInterrupted(TaskState task)
    {
        ExtendInterruption(task.Node);
        if (IsAsGoodAsDone(task)) End(task, CaptureCause.DurationReached, LocalizedText.Empty);
        else End(task, CaptureCause.Interrupted, CycleTexts.Interrupted);
    }

    private void EndUnbegun(TaskState task)
    {
        if (_links[task.TaskId].HeldBy is { } reason) End(task, CaptureCause.NoPlace, reason);
        else if (task.PlannedOffsetSeconds is null) End(task, CaptureCause.NoPlace, CycleTexts.NoPlace);
        else End(task, CaptureCause.CycleEnded, CycleTexts.CycleEnded);
    }

    private void End(TaskState task, CaptureCause cause, LocalizedText message, CaptureStatus? status = null)
    {
        task.Stage = TaskStage.Ended;
        task.EndedAt = Now;
        task.Cause = cause;
        task.Status = status ?? cause.Status();
        task.Message = message;
        (task.Provisional, task.LastProgress) = (false, null);
        _links[task.TaskId].Progress = null;
        Show(task);
        Changed();
    }

    // Its end was not heard of in time. It keeps its slot until somebody says that it is gone.
    private void Abandon(CycleRun run, TaskState task)
    {
        var progress = _links[task.TaskId].Progress;
        if (progress is { PartsBegun: > 0 }) NoteArchive(task.Node);
        State.Lingering.Add(new LingeringCapture(task.Stream, task.Identity(run.Number), task.Node, task.Life));
        End(task, CaptureCause.Interrupted, CycleTexts.NotEnded);
        (task.Provisional, task.LastProgress) = (true, progress);
    }

    private void EndLingering(CaptureIdentity identity)
    {
        _lingering.Remove(identity);
        if (State.Lingering.RemoveAll(l => l.Identity == identity) > 0) Changed();
    }

    private void AddParts(TaskState task, RecordedPart[] parts)
    {
        if (parts.Length > 0) NoteArchive(task.Node);
        task.Parts.AddRange(parts);
        task.NextPart = Math.Max(task.NextPart, task.Parts.Select(p => PartName.NumberOf(p.Filename, task.OutputFilename) ?? 0).DefaultIfEmpty().Max() + 1);
    }

    private void NoteArchive(string node)
    {
        if (_roster.ArchiveOf(node) is { Length: > 0 } archive && !State.Run!.Archives.Contains(archive)) State.Run.Archives.Add(archive);
    }

    private static void Count(TaskState task, CaptureProgress progress)
    {
        task.RecordedSeconds += progress.Recorded.TotalSeconds;
        task.Bytes += progress.Bytes;
        task.Frames += progress.Frames;
        task.FirstFrameMs ??= progress.FirstFrameMs;
        if (progress.Codec.Length > 0) (task.Codec, task.Width, task.Height) = (progress.Codec, progress.Width, progress.Height);
    }

    private void NoteInterruption(string node, DateTimeOffset from)
    {
        var notes = State.Run!.Interruptions;
        var same = notes.FindIndex(n => (n.Node == node || n.Node.Length == 0) && from >= n.From - OneInterruption && from <= n.To + OneInterruption);
        if (same < 0) notes.Add(new Interruption(from, Now, node));
        else notes[same] = notes[same] with { From = Later(notes[same].From, from), Node = node };
        Changed();
    }

    private void ExtendInterruption(string node)
    {
        var notes = State.Run!.Interruptions;
        var last = notes.FindLastIndex(n => n.Node == node);
        if (last >= 0) notes[last] = notes[last] with { To = Now };
    }

    private bool IsWorthGoingOn(CycleRun run, TaskState task)
    {
        var least = Math.Min(run.Settings.MinDurationSeconds, task.PlannedSeconds - task.RecordedSeconds);
        return !IsAsGoodAsDone(task) && (run.Deadline() - Now).TotalSeconds >= Math.Max(least, 1);
    }

    private static bool IsAsGoodAsDone(TaskState task) => task.PlannedSeconds - task.RecordedSeconds < 1 && task.RecordedSeconds > 0;

    private TaskState? FindRunning(CaptureIdentity identity) => Find(identity) is { Stage: TaskStage.Running } task ? task : null;

    // Of the cycle that runs, or of one before it that is kept.
    private TaskState? FindGivenUp(CaptureIdentity identity) =>
        Kept(identity.Cycle)?.Tasks.ElementAtOrDefault(identity.TaskId) is { Stage: TaskStage.Ended, Provisional: true } task && task.Attempt == identity.Attempt ? task : null;

    private TaskState? Find(CaptureIdentity identity) =>
        State.Run is { } run && identity.Cycle == run.Number && run.Tasks.ElementAtOrDefault(identity.TaskId) is { } task && task.Attempt == identity.Attempt ? task : null;

    private void Show(TaskState task)
    {
        _links[task.TaskId].Shown = null;
        Version++;
    }
}
