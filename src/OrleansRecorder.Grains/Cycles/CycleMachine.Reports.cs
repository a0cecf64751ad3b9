namespace OrleansRecorder.Cycles;

// A cycle's reports go to every archive that has something of it, and to its home when none has.
public sealed partial class CycleMachine
{
    private bool _isReporting;
    private DateTimeOffset _reportNotBefore;
    private int _reportFailures;
    private long _reportedFrom;
    private WriteReports? _late;

    /// <summary>The reports were written into some archives, or into none; for the others it is tried again after a pause.</summary>
    public void ReportsWritten(CycleReport report, string[] archives)
    {
        _isReporting = false;
        if (State.Run?.Number != report.Cycle.Cycle)
        {
            LateWritten(report, archives);
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
        if (_isReporting || Now < _reportNotBefore) return;
        if (State.Run?.EndedAt is not null && Owed() is { Length: > 0 } owed)
        {
            _isReporting = true;
            _actions.Add(new WriteReports(CycleView.Report(this, _time.LocalTimeZone), owed));
        }
        else if (_late is not null && Array.FindAll(_late.Archives, _roster.IsServed) is { Length: > 0 } late)
        {
            _isReporting = true;
            _actions.Add(_late with { Archives = late });
        }
        else
        {
            SettleReports();
        }
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
        if (!State.ReportDue || State.ReportsOwed.Exists(a => _roster.IsServed(a) || _roster.MayServe(a))) return;
        if (State.ReportsOwed.Count > 0 && State.Run!.Archives.Count == 0) return;
        State.ReportDue = false;
        Changed();
    }

    private void ReportAgain()
    {
        State.ReportDue = true;
        State.ReportsOwed = State.Run!.Archives.Count > 0 ? [.. State.Run.Archives] : [State.Run.Home];
        Changed();
        _reportedFrom = Version;
    }

    // The next cycle takes the place of this one: what its archives did not get is kept for one cycle more.
    private void KeepOwedReports()
    {
        _late = State.Run is not null && State.ReportsOwed.Count > 0 ? new WriteReports(CycleView.Report(this, _time.LocalTimeZone), [.. State.ReportsOwed]) : null;
        State.ReportsOwed = [];
        (_reportFailures, _reportNotBefore) = (0, default);
    }

    private void LateWritten(CycleReport report, string[] archives)
    {
        if (_late is null || _late.Report.Cycle.Cycle != report.Cycle.Cycle) return;
        string[] left = [.. _late.Archives.Except(archives)];
        _late = left.Length > 0 ? _late with { Archives = left } : null;
        if (left.Length > 0) _reportNotBefore = Now + _options.RetryPause;
    }
}
