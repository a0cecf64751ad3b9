namespace OrleansRecorder.Cycles;

// A cycle's reports go to every archive that has something of it, and to its home when none has.
public sealed partial class CycleMachine
{
    private bool _isReporting;
    private DateTimeOffset _reportNotBefore;
    private int _reportFailures;
    private long _reportedFrom;

    private bool IsReportAwaited => State.ReportDue && State.ReportsOwed.Exists(a => _roster.IsServed(a) || _roster.MayServe(a));

    /// <summary>The reports were written into some archives, or into none; for the others it is tried again after a pause.</summary>
    public void ReportsWritten(CycleReport report, string[] archives)
    {
        _isReporting = false;
        if (State.Run?.Number != report.Cycle.Cycle)
        {
            PastWritten(report, archives);
            return;
        }

        if (report.Cycle.Version >= _reportedFrom && State.ReportsOwed.RemoveAll(archives.Contains) > 0) Changed();
        var failed = State.ReportsOwed.Exists(a => _roster.IsServed(a) && !archives.Contains(a));
        _reportFailures = failed ? _reportFailures + 1 : 0;
        _reportNotBefore = failed ? Now + PauseAfter(_reportFailures) : default;
        SettleReports();
    }

    private void Report()
    {
        DropPast();
        Conclude();
        if (_isReporting) return;
        if (State.Run is { EndedAt: not null } run && Now >= _reportNotBefore && Owed() is { Length: > 0 } owed)
        {
            _isReporting = true;
            _actions.Add(new WriteReports(CycleView.Report(run, Snapshot() with { IsRunning = IsRunning, EndedAt = State.EndedAt }, _time.LocalTimeZone), owed));
            return;
        }

        SettleReports();
        ReportPast();
    }

    // The home may be gone for good: when nothing was recorded, any archive will do.
    private string[] Owed()
    {
        if (State.ReportDue && State.Run!.Archives.Count == 0 && State.ReportsOwed is [var home] && !_roster.IsServed(home)
            && !_roster.MayServe(home) && Placement().Preferred.FirstOrDefault() is { } other) State.ReportsOwed = [other.Report.Archive];
        return [.. State.ReportsOwed.Where(_roster.IsServed)];
    }

    // What is owed to archives that are away holds nothing up.
    private void SettleReports()
    {
        if (!State.ReportDue || IsReportAwaited) return;
        if (State.ReportsOwed.Count > 0 && State.Run!.Archives.Count == 0) return;
        State.ReportDue = false;
        Changed();
    }

    // Who waits for the end of the scheduler looks for the reports next.
    private void Conclude()
    {
        if (!IsConcluding || (IsReportAwaited && Now < State.Run?.EndedAt + _options.ReportPatience)) return;
        IsConcluding = false;
        Version++;
    }

    private void ReportAgain()
    {
        State.ReportDue = true;
        State.ReportsOwed = AllOf(State.Run!);
        Changed();
        _reportedFrom = Version;
    }

    private static List<string> AllOf(CycleRun run) => run.Archives.Count > 0 ? [.. run.Archives] : [run.Home];
}
