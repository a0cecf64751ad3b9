using OrleansRecorder.Captures;
using OrleansRecorder.Cycles.Nodes;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

// Nodes: who is there, how long each may record, and where the next capture goes.
public sealed partial class CycleMachine
{
    private readonly NodeRoster _roster;

    /// <summary>Most of the nodes that were there at the last <see cref="CountVoters"/> report.</summary>
    public bool HasMajority => _roster.HasMajority;

    /// <summary>Most of the nodes that report now is what <see cref="HasMajority"/> means from here on.</summary>
    public void CountVoters() => _roster.CountVoters();

    /// <summary>Takes a node's report and answers it; changes nothing that is persisted, which <see cref="Progressed"/> does, in a round.</summary>
    /// <param name="report">What the node says.</param>
    /// <param name="allowance">The longest lease that may be given now.</param>
    public NodeLease Heard(NodeReport report, TimeSpan allowance) => _roster.Hear(report, allowance);

    /// <summary>An order that waited to be written is still to be given.</summary>
    public bool IsWanted(CaptureIdentity identity) => FindRunning(identity) is not null;

    /// <summary>The nodes that have been heard of, by name.</summary>
    public NodeStatus[] Nodes() => [.. State.Nodes.OrderBy(n => n.Name, StringComparer.Ordinal).Select(Show)];

    /// <summary>Forgets a node that is not heard of; false when there is none, or it is there.</summary>
    public bool Forget(string name)
    {
        if (State.Nodes.Find(n => n.Name == name) is not { } node || _roster.MayBeAlive(name) || !_roster.IsGone(name, node.Life)) return false;
        State.Nodes.Remove(node);
        if (!State.Nodes.Exists(n => n.Archive == node.Archive)) ForgetArchive(node.Archive);
        _roster.Forget(name);
        Changed();
        return true;
    }

    private void ForgetArchive(string archive)
    {
        State.ReportsOwed.Remove(archive);
        foreach (var past in State.Past) past.ReportsOwed.Remove(archive);
    }

    /// <summary>The node is dead as far as one can see, and its lease, a matter of seconds, is not over yet.</summary>
    public bool IsAboutToBeGone(string name) => State.Nodes.Find(n => n.Name == name) is { } node && !_roster.MayBeAlive(name) && !_roster.IsGone(name, node.Life);

    private void Remember(NodeReport report)
    {
        var index = State.Nodes.FindIndex(n => n.Name == report.Node);
        if (index >= 0 && State.Nodes[index].Life == report.Life && State.Nodes[index].Archive == report.Archive) return;
        var node = new KnownNode(report.Node, report.Life, report.Archive, report.Capacity, report.StartedAt, report.Version);
        if (index < 0) State.Nodes.Add(node);
        else State.Nodes[index] = node;
        Changed();
    }

    private FreePlaces Placement()
    {
        var used = State.Lingering.Select(l => l.Node).Concat(State.Run?.Tasks.Where(t => t.Stage == TaskStage.Running).Select(t => t.Node) ?? []);
        return new FreePlaces(_roster, used.Concat(_roster.Alive.SelectMany(Foreign)).CountBy(node => node).ToDictionary());
    }

    // What a node runs beyond what the state knows of: captures of older cycles that linger on although nobody waits for them.
    private IEnumerable<string> Foreign(NodeLink node) =>
        node.Report.Captures.Where(c => c.Identity.Cycle != State.Run?.Number && !State.Lingering.Exists(l => l.Identity == c.Identity)).Select(_ => node.Report.Node);

    private NodeStatus Show(KnownNode known)
    {
        var link = _roster.Find(known.Name);
        var report = link?.Report.Life == known.Life ? link.Report : null;
        return new NodeStatus
        {
            Name = known.Name,
            Archive = known.Archive,
            Life = known.Life,
            Condition = !_roster.MayBeAlive(known.Name) ? NodeCondition.Dead : report is { IsDraining: true } ? NodeCondition.Draining : NodeCondition.Active,
            ActiveCaptures = report?.Captures.Length ?? 0,
            Capacity = report?.Capacity ?? known.Capacity,
            FreeBytes = report?.FreeBytes ?? -1,
            TotalBytes = report?.TotalBytes ?? -1,
            StartedAt = known.StartedAt,
            Version = known.Version,
            HeardAt = link?.HeardAtUtc ?? _savedBefore,
        };
    }
}
