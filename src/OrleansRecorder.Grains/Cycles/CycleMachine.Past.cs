using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

// What comes to light late. Files on a disk that was away are looked for when it is back, and what is owed to an archive is written then:
// for the cycle that runs, and for a few before it, which are part of the state, so that a move of the cycle forgets none of it.
public sealed partial class CycleMachine
{
    private readonly RetryPauses<(long Cycle, string Archive)> _lookPauses;
    private readonly RetryPauses<long> _pastPauses;
    private bool _isLookingBack;

    /// <summary>The files of some tasks in an archive that was away and is back; null when it did not answer after all.</summary>
    public void UnseenFound(long cycle, string archive, FoundParts[]? found)
    {
        _isLookingBack = false;
        _lookPauses.Tried((cycle, archive), found is not null && Array.TrueForAll(found, f => f.Unfinished.Length == 0), Now);
        if (found is null || Kept(cycle) is not { } run) return;
        foreach (var each in found.Where(each => TakeIn(run, archive, each)))
            Correct(run, run.Tasks[each.TaskId], each.Parts.Length > 0 ? archive : "");
    }

    // One archive of one cycle at a time: this is rare, and nobody waits for it.
    private void LookBack()
    {
        if (_isLookingBack) return;
        foreach (var run in State.Past.Select(past => past.Run).Append(State.Run).OfType<CycleRun>())
        {
            var archives = run.Tasks.SelectMany(t => t.Unseen).Select(u => u.Archive).Distinct();
            if (archives.FirstOrDefault(a => _roster.IsServed(a) && _lookPauses.IsDue((run.Number, a), Now)) is not { } archive) continue;
            var captures = run.Tasks.Where(t => t.Unseen.Exists(u => u.Archive == archive)).Select(t => new LostCapture(t.Identity(run.Number), t.OutputFilename));
            _isLookingBack = true;
            _actions.Add(new FindUnseen(archive, run.Settings.OutputDirectory, run.Directory, run.Number, [.. captures]));
            return;
        }
    }

    // The archive has spoken: its files take the place of the estimate, also when there are none. Those that recovery has not finished are asked for again.
    private static bool TakeIn(CycleRun run, string archive, FoundParts found)
    {
        var task = run.Tasks[found.TaskId];
        var parts = Array.FindAll(Unknown(task, found.Parts), p => task.Unseen.Exists(u => u.Archive == archive && Has(u, task, p.Filename)));
        var isNews = false;
        foreach (var unseen in task.Unseen.Where(u => u.Archive == archive).ToArray())
        {
            var isOpen = Array.Exists(found.Unfinished, name => Has(unseen, task, name));
            if (isOpen && !Array.Exists(parts, p => Has(unseen, task, p.Filename))) continue;
            Uncount(task, unseen);
            if (isOpen) task.Unseen.Add(unseen with { Seconds = 0, Bytes = 0 });
            isNews = true;
        }

        Count(task, parts);
        task.Parts.AddRange(parts);
        task.Parts.Sort((a, b) => PartName.NumberOf(a.Filename, task.OutputFilename)!.Value.CompareTo(PartName.NumberOf(b.Filename, task.OutputFilename)));
        return isNews;
    }

    // A task of the cycle has changed although it was over, perhaps by files in an archive that was not known to have any of the cycle.
    private void Correct(CycleRun run, TaskState task, string archive)
    {
        if (archive.Length > 0 && !run.Archives.Contains(archive)) run.Archives.Add(archive);
        if (State.Past.Find(past => past.Run == run) is { } past)
        {
            past.ReportsOwed = AllOf(run);
            Changed();
            past.ReportsFrom = Version;
            return;
        }

        Show(task);
        if (run.EndedAt is null) Changed();
        else ReportAgain();
    }

    private CycleRun? Kept(long cycle) => State.Run?.Number == cycle ? State.Run : State.Past.Find(past => past.Run.Number == cycle)?.Run;

    // The next cycle takes the place of this one. What is not told of it, and of a few before it, is kept, within bounds.
    private void KeepPast(long next)
    {
        if (State.Run is { } last)
        {
            foreach (var task in last.Tasks) task.RtspUrl = "";
            State.Past.Add(new PastCycle { Run = last, ReportsOwed = State.ReportsOwed, ReportsFrom = _reportedFrom });
        }

        State.ReportsOwed = [];
        (_reportFailures, _reportNotBefore) = (0, default);
        State.Past.RemoveAll(past => !past.IsOwed() || past.Run.Number < next - _options.KeptCycles);
        while (State.Past.Count > 1 && State.Past.Sum(past => past.Run.Tasks.Count) > _options.KeptTasks) State.Past.RemoveAt(0);
        _lookPauses.Keep(key => State.Past.Exists(past => past.Run.Number == key.Cycle));
        _pastPauses.Keep(cycle => State.Past.Exists(past => past.Run.Number == cycle));
    }

    private void ReportPast()
    {
        foreach (var past in State.Past)
        {
            string[] owed = [.. past.ReportsOwed.Where(_roster.IsServed)];
            if (owed.Length == 0 || !_pastPauses.IsDue(past.Run.Number, Now)) continue;
            _isReporting = true;
            CycleTask[] tasks = [.. past.Run.Tasks.Select(task => CycleView.Task(task, task.LastProgress))];
            _actions.Add(new WriteReports(CycleView.Report(past.Run, CycleView.Snapshot(State, past.Run, tasks, Version, Now), _time.LocalTimeZone), owed));
            return;
        }
    }

    private void PastWritten(CycleReport report, string[] archives)
    {
        if (State.Past.Find(past => past.Run.Number == report.Cycle.Cycle) is not { } past) return;
        if (report.Cycle.Version >= past.ReportsFrom && past.ReportsOwed.RemoveAll(archives.Contains) > 0) Changed();
        _pastPauses.Tried(past.Run.Number, !past.ReportsOwed.Exists(a => _roster.IsServed(a) && !archives.Contains(a)), Now);
        DropPast();
    }

    private void DropPast()
    {
        if (State.Past.RemoveAll(past => !past.IsOwed()) > 0) Changed();
    }

    private static RecordedPart[] Unknown(TaskState task, RecordedPart[] parts) => [.. parts.Where(p => !task.Parts.Exists(known => known.Filename == p.Filename))];

    private static void Uncount(TaskState task, UnseenParts unseen)
    {
        task.RecordedSeconds = Math.Max(0, task.RecordedSeconds - unseen.Seconds);
        task.Bytes -= unseen.Bytes;
        task.Unseen.Remove(unseen);
    }

    private static void Count(TaskState task, RecordedPart[] parts)
    {
        task.RecordedSeconds += parts.Sum(p => p.Duration.TotalSeconds);
        task.Bytes += parts.Sum(p => p.Size);
    }

    private static bool Has(UnseenParts unseen, TaskState task, string filename) =>
        PartName.NumberOf(filename, task.OutputFilename) is { } number && number >= unseen.First && number <= unseen.Last;
}
