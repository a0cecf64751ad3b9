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
                break;
            case null:
                link.HeardAt = DateTimeOffset.MinValue;
                link.NotBefore = Now + _options.RetryPause;
                break;
            default:
                PutBack(task, link);
                break;
        }
    }

    /// <summary>A stream has told what it is doing, or did not answer.</summary>
    public void AskAnswered(CaptureIdentity identity, bool answered, CaptureIdentity? running)
    {
        if (_lingering.TryGetValue(identity, out var lingering))
        {
            lingering.IsCalling = false;
            lingering.NotBefore = Now + _options.RetryPause;
            if (answered && running != identity) EndLingering(identity);
        }

        if (FindRunning(identity) is not { } task) return;
        var link = _links[task.TaskId];
        link.IsCalling = false;
        if (!answered) link.NotBefore = Now + _options.RetryPause;
        else if (running == identity) link.HeardAt = Now;
        else link.IsLost = true;
    }

    /// <summary>The finished files of a lost task, whichever attempt made them; null when the archive did not answer.</summary>
    /// <param name="identity">The lost capture.</param>
    /// <param name="parts">Its files, and those of earlier attempts.</param>
    /// <param name="isAll">There are no more of them that recovery could not finish so far.</param>
    public void PartsFound(CaptureIdentity identity, RecordedPart[]? parts, bool isAll)
    {
        if (FindRunning(identity) is not { } task || _links[task.TaskId] is not { IsLost: true } link) return;
        link.IsCalling = false;
        if (!isAll && ++link.PartsMissed < _options.PartsAttempts)
        {
            link.NotBefore = Now + _options.RetryPause;
            return;
        }

        // What was not found may have used a file: the next attempt is not to take the same name.
        if (!isAll)
        {
            task.NextPart++;
            task.Warnings.Add(CycleTexts.NotAllFound);
        }

        RecordedPart[] found = [.. (parts ?? []).Where(p => !task.Parts.Exists(known => known.Filename == p.Filename))];
        var lastSign = found.Select(p => p.StartedAt + p.Duration).Append(link.HeardAt > DateTimeOffset.MinValue ? link.HeardAt : _savedBefore).Max();
        if (link.Progress is { } progress) Count(task, progress with { Recorded = TimeSpan.Zero, Bytes = 0 });
        task.RecordedSeconds += found.Sum(p => p.Duration.TotalSeconds);
        task.Bytes += found.Sum(p => p.Size);
        Interrupt(task, found, lastSign < Now ? lastSign : Now);
    }

    /// <summary>A capture has ended. May come twice, and late; results of older attempts only free the slot that they may still hold.</summary>
    public void CaptureEnded(CaptureResult result)
    {
        EndLingering(result.Identity);
        if (Find(result.Identity) is not { } task || !(task.Stage == TaskStage.Running || task is { Stage: TaskStage.Ended, Provisional: true })) return;

        if (task.Provisional) ReportAgain();
        Count(task, result.Progress);
        task.Connections += result.Connections;
        task.Node = result.Node.Length > 0 ? result.Node : task.Node;
        task.Warnings.AddRange(result.Warnings);
        if (result.Cause == CaptureCause.Interrupted && State.Phase == CyclePhase.Running)
        {
            Interrupt(task, result.Parts, result.EndedAt);
            return;
        }

        AddParts(task, result.Parts);
        End(task, result.Cause, result.Message, result.Status);
        task.EndedAt = result.EndedAt;
    }

    /// <summary>A node has told how far its captures are. Changes nothing that is persisted but which node it is.</summary>
    public void Progressed(NodeReport batch)
    {
        foreach (var progress in batch.Captures)
        {
            if (FindRunning(progress.Identity) is { } task)
            {
                var link = _links[task.TaskId];
                link.IsLost = false;
                link.HeardAt = Now;
                link.Progress = progress;
                if (task.Node != batch.Node) Settle(task, batch.Node);
                Show(task);
            }
            else if (IsUnwanted(progress.Identity) is { } stream)
            {
                _actions.Add(new EndCapture(stream, progress.Identity, CaptureCause.Interrupted));
            }
        }
    }

    private void Settle(TaskState task, string node)
    {
        task.Node = node;
        Changed();
    }

    // Of an older attempt: it was given up, and another has taken its place.
    private string? IsUnwanted(CaptureIdentity identity) =>
        State.Run is { } run && identity.Cycle == run.Number && run.Tasks.ElementAtOrDefault(identity.TaskId) is { } task && identity.Attempt < task.Attempt ? task.Stream : null;

    private void PutBack(TaskState task, TaskLink link)
    {
        if (link.IsFirst) task.StartedAt = null;
        task.Stage = TaskStage.Waiting;
        _links[task.TaskId] = new TaskLink { NotBefore = Now + _options.RetryPause };
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
        if (task.PlannedOffsetSeconds is null) End(task, CaptureCause.NoPlace, CycleTexts.NoPlace);
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
        State.Lingering.Add(new LingeringCapture(task.Stream, task.Identity(run.Number)));
        End(task, CaptureCause.Interrupted, CycleTexts.NotEnded);
        (task.Provisional, task.LastProgress) = (true, progress);
    }

    private void EndLingering(CaptureIdentity identity)
    {
        _lingering.Remove(identity);
        if (State.Lingering.RemoveAll(l => l.Identity == identity) > 0) Changed();
    }

    private static void AddParts(TaskState task, IEnumerable<RecordedPart> parts)
    {
        task.Parts.AddRange(parts);
        task.NextPart = Math.Max(task.NextPart, task.Parts.Select(p => PartName.NumberOf(p.Filename, task.OutputFilename) ?? 0).DefaultIfEmpty().Max() + 1);
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

    private TaskState? Find(CaptureIdentity identity) =>
        State.Run is { } run && identity.Cycle == run.Number && run.Tasks.ElementAtOrDefault(identity.TaskId) is { } task && task.Attempt == identity.Attempt ? task : null;

    private void Show(TaskState task)
    {
        _links[task.TaskId].Shown = null;
        Version++;
    }
}
