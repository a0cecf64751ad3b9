using OrleansRecorder.Captures;
using OrleansRecorder.Streams;

namespace OrleansRecorder.Cycles;

// Captures that are gone without a result: what they left is looked for where it may be found, and their tasks go on.
public sealed partial class CycleMachine
{
    /// <summary>A stream has told what it is doing, or did not answer.</summary>
    public void AskAnswered(CaptureIdentity identity, StreamActivity? answer)
    {
        if (_lingering.TryGetValue(identity, out var lingering))
        {
            lingering.IsCalling = false;
            lingering.NotBefore = Now + _options.RetryPause;
            var node = State.Lingering.Find(l => l.Identity == identity);
            if (node is null) _lingering.Remove(identity);
            else if (answer is not null && answer.Capture != identity && Knows(answer, node.Life)) Lose(node);
        }

        if (FindRunning(identity) is not { } task) return;
        var link = _links[task.TaskId];
        link.IsCalling = false;
        if (answer?.Capture == identity) link.HeardAt = Now;
        else if (answer is not null && (Knows(answer, task.Life) || IsForgotten(link))) link.IsLost = true;
        else link.NotBefore = Now + _options.RetryPause;
    }

    /// <summary>The finished files of a lost task, whichever attempt made them; null when the archive did not answer.</summary>
    /// <param name="identity">The lost capture.</param>
    /// <param name="parts">Its files, and those of earlier attempts.</param>
    /// <param name="unfinished">The names of those that recovery could not finish so far.</param>
    public void PartsFound(CaptureIdentity identity, RecordedPart[]? parts, string[] unfinished)
    {
        if (FindRunning(identity) is not { } task || _links[task.TaskId] is not { IsLost: true } link) return;
        link.IsCalling = false;
        var isAll = parts is not null && unfinished.Length == 0;
        if (!isAll && ++link.PartsMissed < _options.PartsAttempts)
        {
            link.NotBefore = Now + _options.RetryPause;
            return;
        }

        // It never came to anything: the order did not arrive, or could not be written.
        if (isAll && parts is { Length: 0 } && link is { IsOurs: true, IsAccepted: false })
        {
            PutBack(task, link, TimeSpan.Zero);
            return;
        }

        var found = Unknown(task, parts ?? []);
        var lastSign = found.Select(p => p.StartedAt + p.Duration).Append(LastSign(link)).Max();
        if (link.Progress is { } progress) Count(task, progress with { Recorded = TimeSpan.Zero, Bytes = 0 });
        See(task, found);
        if (!isAll) LeaveForLater(task, parts is null ? null : unfinished, MostParts(task, link));
        Interrupt(task, found, lastSign < Now ? lastSign : Now);
    }

    // What was not found may have used a file: the next attempt is not to take the same name, and the archive is asked again.
    private void LeaveForLater(TaskState task, string[]? unfinished, int mostParts)
    {
        int[] numbers = [.. (unfinished ?? []).Select(name => PartName.NumberOf(name, task.OutputFilename) ?? 0)];
        var first = numbers.Append(task.NextPart).Min();
        task.NextPart = unfinished is null ? task.NextPart + mostParts : Math.Max(task.NextPart, numbers.Max() + 1);
        task.Unseen.Add(new UnseenParts(_roster.ArchiveOf(task.Node), first, task.NextPart - 1, 0, 0));
        task.Warnings.Add(CycleTexts.NotAllFound);
        NoteArchive(task.Node);
    }

    // Nobody will tell any more how it ended. Its task is over, and perhaps its cycle: what it left is looked for, and counts as its node said last until it is seen.
    private void Lose(LingeringCapture gone)
    {
        EndLingering(gone.Identity);
        if (FindGivenUp(gone.Identity) is not { } task) return;
        var progress = task.LastProgress ?? new CaptureProgress { Identity = gone.Identity, Status = task.Status };
        Count(task, progress);
        (task.Provisional, task.LastProgress) = (false, null);

        var first = task.NextPart;
        task.NextPart += Math.Max(task.PartsBegun, progress.PartsBegun);
        task.Unseen.Add(new UnseenParts(_roster.ArchiveOf(gone.Node), first, task.NextPart - 1, progress.Recorded.TotalSeconds, progress.Bytes));
        Changed();
    }

    private void Find(CycleRun run, string node, TaskState[] lost)
    {
        var archive = _roster.ArchiveOf(node);
        if (!_roster.IsServed(archive))
        {
            foreach (var task in lost) GoOnWithout(task);
            return;
        }

        foreach (var task in lost) _links[task.TaskId].IsCalling = true;
        _actions.Add(new FindParts(archive, run.Settings.OutputDirectory, run.Directory, [.. lost.Select(t => new LostCapture(t.Identity(run.Number), t.OutputFilename))]));
    }

    // The disk with its files is away. What the node told last is what it recorded; its files are there when it is back.
    private void GoOnWithout(TaskState task)
    {
        var link = _links[task.TaskId];
        var recorded = link.Progress?.Recorded ?? TimeSpan.Zero;
        if (link.Progress is { } progress) Count(task, progress);
        NoteArchive(task.Node);

        var first = task.NextPart;
        task.NextPart += MostParts(task, link);
        task.Unseen.Add(new UnseenParts(_roster.ArchiveOf(task.Node), first, task.NextPart - 1, recorded.TotalSeconds, link.Progress?.Bytes ?? 0));
        task.Warnings.Add(CycleTexts.LeftOn(task.Node, recorded));
        Interrupt(task, [], LastSign(link));
    }

    // What was counted by the last word of a node is not counted again with its files.
    private static void See(TaskState task, RecordedPart[] found)
    {
        foreach (var unseen in task.Unseen.Where(u => Array.Exists(found, p => Has(u, task, p.Filename))).ToArray()) Uncount(task, unseen);
        Count(task, found);
    }

    // Its first file goes without saying; a node begins another only when it was heard to announce it.
    private static int MostParts(TaskState task, TaskLink link) => Math.Max(task.PartsBegun, link.Progress?.PartsBegun ?? 1);

    private DateTimeOffset LastSign(TaskLink link) =>
        link.HeardAt > DateTimeOffset.MinValue ? link.HeardAt : _savedBefore > DateTimeOffset.MinValue && _savedBefore < Now ? _savedBefore : _bornAt;

    // An activation on another node than the capture's knows nothing of it.
    private static bool Knows(StreamActivity answer, string life) => life.Length == 0 || answer.Life == life;

    // The stream's activation is on another node by now, and the capture's own node, which reports, has not spoken of it for longer than an order can be on its way.
    private bool IsForgotten(TaskLink link) => Now - Later(link.HeardAt, _bornAt) >= _options.LeaseLength + _options.LeaseMargin;
}
