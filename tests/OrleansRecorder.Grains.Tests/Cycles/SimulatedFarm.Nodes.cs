using OrleansRecorder.Captures;
using OrleansRecorder.Streams;

namespace OrleansRecorder.Cycles;

// What the nodes do: they report, run captures, answer for their streams and archives.
internal sealed partial class SimulatedFarm
{
    /// <summary>A node takes nothing new, and ends what it has as interrupted.</summary>
    public void Drain(SimulatedNode node)
    {
        node.IsDraining = true;
        foreach (var stream in _streams.Values.Where(s => s.Node == node && s.Running is not null)) Finish(stream, CaptureCause.Interrupted, CaptureStatus.RecordingError);
    }

    private void Hear(SimulatedGrain grain)
    {
        if (grain.ReportedAt.Ticks / TimeSpan.TicksPerSecond == Time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond) return;
        grain.ReportedAt = Time.GetUtcNow();
        foreach (var node in Nodes.Where(n => n.Works && Reaches(grain, n) && (grain == _grain || n.IsCutOff)))
        {
            var report = node.Report([.. _streams.Values.Where(s => s.Running is not null && s.Node == node).Select(s => s.Progress())]);
            var lease = grain.Machine.Heard(report, grain.Term.Allowance(grain.Machine.HasMajority));
            if (lease.Length > TimeSpan.Zero) node.LeaseUntil = Time.GetUtcNow() + lease.Length;
            grain.Machine.Progressed(report);
            foreach (var result in node.Results) Mail(grain, () => grain.Machine.CaptureEnded(result));
            node.Results.Clear();
        }
    }

    // A node whose lease is over ends everything, and keeps the results until somebody takes them.
    private void HoldToLease(SimulatedNode node)
    {
        if (Time.GetUtcNow() < node.LeaseUntil) return;
        foreach (var stream in _streams.Values.Where(s => s.Node == node && s.Running is not null)) Finish(stream, CaptureCause.Interrupted, CaptureStatus.RecordingError);
    }

    private bool ReallyRuns(SimulatedStream stream) => stream is { Running: not null, Node.Works: true };

    private static bool Reaches(SimulatedGrain grain, SimulatedNode node) => node.Works && (node == grain.Host || (!node.IsCutOff && !grain.Host.IsCutOff));

    private void Act(CycleAction action, SimulatedGrain grain)
    {
        var machine = grain.Machine;
        switch (action)
        {
            case OpenCycle open:
                var name = open.WantedDirectory;
                while (Directories.Contains(name)) name += "x";
                Directories.Add(name);
                Mail(grain, () => machine.Opened(new CycleOpening(open.At, name, open.Archives[0], Settings, [.. Streams])));
                break;
            case BeginCapture begin:
                var answer = Begin(Stream(begin.Stream), begin.Order, grain);
                Mail(grain, () => machine.BeginAnswered(begin.Order.Identity, answer));
                break;
            case AskCapture ask:
                var activity = Ask(Stream(ask.Stream), ask.Life, grain);
                Mail(grain, () => machine.AskAnswered(ask.Identity, activity));
                break;
            case EndCapture end when Stream(end.Stream) is { Hangs: false, Running: { } order } stream && order.Identity == end.Identity && Reaches(grain, stream.Node!):
                Finish(stream, end.Cause, end.Cause == CaptureCause.CycleEnded && stream.Recorded > TimeSpan.Zero ? CaptureStatus.Completed : end.Cause.Status());
                break;
            case FindParts find:
                foreach (var capture in find.Captures)
                {
                    var lost = FilesIn(find.Archive, find.Directory, capture, grain);
                    Mail(grain, () => machine.PartsFound(capture.Identity, lost?.Parts, lost?.Unfinished ?? []));
                }

                break;
            case FindUnseen find:
                FoundParts[] unseen = [.. find.Captures.Select(capture => FilesIn(find.Archive, find.Directory, capture, grain)).OfType<FoundParts>()];
                Mail(grain, () => machine.UnseenFound(find.Cycle, find.Archive, unseen.Length < find.Captures.Length ? null : unseen));
                break;
            case WriteReports write:
                string[] written = ReportsFail ? [] : [.. write.Archives.Where(archive => Array.Exists(Nodes, n => n.Archive == archive && Reaches(grain, n)))];
                if (written.Length > 0 || ReportsFail) Reports.Add(write.Report);
                foreach (var archive in written) Reported.Add((archive, write.Report.Cycle.Cycle));
                Mail(grain, () => machine.ReportsWritten(write.Report, written));
                break;
        }
    }

    private StreamActivity? Ask(SimulatedStream stream, string life, SimulatedGrain grain)
    {
        if (stream is { Running: { } running, Node: { IsDown: false } node }) return Reaches(grain, node) ? new StreamActivity(running.Identity, node.Life) : null;
        var hinted = Array.Find(Nodes, n => n.Life == life && Reaches(grain, n)) ?? grain.Host;
        return new StreamActivity(null, hinted.Life);
    }

    private FoundParts? FilesIn(string archive, string directory, LostCapture capture, SimulatedGrain grain)
    {
        if (!Array.Exists(Nodes, n => n.Archive == archive && Reaches(grain, n))) return null;
        var stream = Stream(Streams.Single(s => s.OutputFilename == capture.OutputFilename).Stream);
        var files = (stream.Files.GetValueOrDefault(directory) ?? []).Where(f => stream.Archives[(directory, f.Filename)] == archive && PartName.NumberOf(f.Filename, capture.OutputFilename) is not null);
        var broken = files.Where(f => Unrecovered.Contains((directory, f.Filename))).ToArray();
        return new FoundParts(capture.Identity.TaskId, [.. files.Except(broken)], [.. broken.Select(f => f.Filename), .. OpenIn(archive, directory, stream)]);
    }

    // What a process writes, or has open while it stands still.
    private static string[] OpenIn(string archive, string directory, SimulatedStream stream) =>
        stream is { Running: { } order, Node: { } node } && node.Archive == archive && order.CycleDirectory == directory && stream.Recorded > TimeSpan.Zero ? [stream.NameOf(order)] : [];

    private CaptureAcceptance? Begin(SimulatedStream stream, CaptureOrder order, SimulatedGrain grain)
    {
        var node = Array.Find(Nodes, n => n.Name == order.Node) ?? grain.Host;
        if (!Reaches(grain, node) || IsStorageAway || node.IsWithoutStorage) return null;
        if (stream.Running is { } other && stream.Node != node)
        {
            if (Reaches(grain, stream.Node!))
            {
                Finish(stream, CaptureCause.Interrupted, CaptureStatus.RecordingError);
                return CaptureAcceptance.Elsewhere;
            }

            Assert.False(ReallyRuns(stream), $"{order.Identity} is begun on {node.Name} while {other.Identity} runs on {stream.Node!.Name}");
            Finish(stream, CaptureCause.Interrupted, CaptureStatus.RecordingError);
        }

        var verdict = CaptureFence.Judge(order, stream.Running?.Identity, stream.Seen, Time.GetUtcNow());
        if (verdict == CaptureFence.Verdict.Replace) Finish(stream, CaptureCause.Interrupted, CaptureStatus.RecordingError);
        if (verdict is CaptureFence.Verdict.Busy or CaptureFence.Verdict.Outdated)
            return verdict == CaptureFence.Verdict.Busy ? CaptureAcceptance.Busy : CaptureAcceptance.Outdated;
        if (stream.Drains || node.IsDraining || Time.GetUtcNow() >= node.LeaseUntil) return CaptureAcceptance.Draining;
        if (verdict == CaptureFence.Verdict.Runs) return CaptureAcceptance.Accepted;

        Assert.True(_begun.Add(order.Identity), $"{order.Identity} was begun twice");
        Assert.True(order.Duration > TimeSpan.Zero);
        Orders.Add(order);
        stream.Begin(order, Time.GetUtcNow(), node);
        return CaptureAcceptance.Accepted;
    }

    private void Advance(SimulatedStream stream)
    {
        if (stream.Running is not { } order || !stream.Node!.Works) return;
        var now = Time.GetUtcNow();
        if (stream.Failure is { } cause && now >= stream.StartedAt + stream.FailsAfter) Finish(stream, cause, cause.Status());
        else if (stream.Hangs) return;
        else if (stream.RecordedAt(now) >= order.Duration) Finish(stream, CaptureCause.DurationReached, CaptureStatus.Completed);
        else if (now >= order.Deadline) Finish(stream, CaptureCause.CycleEnded, stream.Recorded > TimeSpan.Zero ? CaptureStatus.Completed : CaptureStatus.Cancelled);
    }

    private void Finish(SimulatedStream stream, CaptureCause cause, CaptureStatus status)
    {
        var node = stream.Node!;
        var result = stream.Finish(cause, status, Time.GetUtcNow());
        if (IsDown || node.IsDown) return;
        var grain = _grain;
        if (!grain.IsOver && Reaches(grain, node) && !IsStorageAway) Mail(grain, () => grain.Machine.CaptureEnded(result));
        else node.Results.Add(result);
    }
}
