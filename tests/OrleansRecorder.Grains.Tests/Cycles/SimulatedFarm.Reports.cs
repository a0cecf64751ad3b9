namespace OrleansRecorder.Cycles;

// What is in the reports, against what is on the disks.
internal sealed partial class SimulatedFarm
{
    /// <summary>Nothing of any cycle that is kept is to be looked for or to be written.</summary>
    public bool HasToldAll => Machine.State is { Past.Count: 0, ReportsOwed.Count: 0, Run: { } run } && !run.HasUnknown();

    /// <summary>Every file of every task is in the last reports of its cycle, once, and what a task recorded is what its files hold.</summary>
    public void MustHaveReportedAllFiles()
    {
        foreach (var cycle in Reports.GroupBy(r => r.Cycle.Cycle).Select(g => g.Last().Cycle))
        {
            foreach (var task in cycle.Tasks)
            {
                var files = Stream(task.RtspUrl).Files.GetValueOrDefault(cycle.CycleDirectory) ?? [];
                var known = files.Select(f => f.Filename).Where(f => PartName.NumberOf(f, task.OutputFilename) is not null);
                Assert.Equal(known.Order(), task.Parts.Select(p => p.Filename).Order());
                Assert.Equal(task.Parts.Sum(p => p.Duration.TotalSeconds), task.RecordedSeconds, 3);
            }
        }

        Assert.All(_streams.Values.SelectMany(s => s.Files.Keys), directory => Assert.Contains(Reports, r => r.Cycle.CycleDirectory == directory));
    }
}
