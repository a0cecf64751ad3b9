using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles.Nodes;

/// <summary>
/// Who is there, and until when each node may record at most. It counts on a monotonic clock of its own that begins with it: whoever had
/// a lease before that has none <see cref="CycleOptions.LeaseLength"/> later, whatever the predecessor gave.
/// </summary>
internal sealed class NodeRoster(List<KnownNode> known, TimeProvider time, CycleOptions options)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, NodeLink> _links = [];
    private readonly Dictionary<(string Node, string Life), TimeSpan> _formerLeases = [];
    private string[] _voters = [.. known.Select(k => k.Name)];

    /// <summary>The nodes that report, in no order.</summary>
    public IEnumerable<NodeLink> Alive => _links.Values.Where(IsAlive);

    /// <summary>Most of the nodes that were there when <see cref="CountVoters"/> was last called have reported lately.</summary>
    public bool HasMajority => 2 * _voters.Count(v => _links.TryGetValue(v, out var link) && Uptime - link.HeardAt <= options.MajorityWindow) > _voters.Length;

    private TimeSpan Uptime => time.GetElapsedTime(_start);

    /// <summary>From now on these nodes, the ones that report now, are those of which most must be heard.</summary>
    public void CountVoters()
    {
        string[] alive = [.. Alive.Select(l => l.Report.Node)];
        if (alive.Length > 0) _voters = alive;
    }

    /// <summary>Takes a report; the answer gives at most <paramref name="allowance"/>. A life that another has followed gets nothing, and is not listened to.</summary>
    public NodeLease Hear(NodeReport report, TimeSpan allowance)
    {
        if (LifeOf(report.Node) is { } life && life.Life != report.Life && !IsNewer(report, life) && !IsGone(report.Node, life.Life)) return NodeLease.None;

        var granted = allowance < options.LeaseLength ? allowance : options.LeaseLength;
        var now = Uptime;
        if (_links.TryGetValue(report.Node, out var former) && former.Report.Life != report.Life) RememberLease(former);
        var (since, until) = _links.TryGetValue(report.Node, out var link) && link.Report.Life == report.Life ? (link.HeldSince, link.LeaseUntil) : (null, TimeSpan.Zero);
        if (until <= now) since = null;
        if (granted > TimeSpan.Zero) (since, until) = (since ?? now, now + granted > until ? now + granted : until);
        _links[report.Node] = new NodeLink(report, now, time.GetUtcNow(), since, until);
        return granted > TimeSpan.Zero ? new NodeLease(granted) : NodeLease.None;
    }

    /// <summary>It reports, and this life of it has a lease, which it has had time to hear of.</summary>
    public bool IsActive(NodeLink link) => IsAlive(link) && !link.Report.IsDraining && link.LeaseUntil > Uptime && Uptime - link.HeldSince >= options.LeaseSettling;

    /// <summary>It has reported lately.</summary>
    public bool IsAlive(NodeLink link) => Uptime - link.HeardAt < options.NodeSilence;

    /// <summary>
    /// This life of the node records nothing any more, for certain: another one has followed on its address and port, which a process has alone (or anywhere, where
    /// <see cref="CycleOptions.IsOneProcess"/>), or its lease has been over for long enough. Another one elsewhere says nothing: the old one may be cut off, and record on.
    /// </summary>
    public bool IsGone(string node, string life)
    {
        var until = options.LeaseLength;
        if (_links.TryGetValue(node, out var link))
        {
            if (link.Report.Life != life && (options.IsOneProcess || IsSamePlace(link.Report.Life, life))) return true;
            var lease = link.Report.Life == life ? link.LeaseUntil : _formerLeases.GetValueOrDefault((node, life));
            if (lease > until) until = lease;
        }

        return Uptime >= until + options.LeaseMargin;
    }

    /// <summary>What is known of a node, or null.</summary>
    public NodeLink? Find(string node) => _links.GetValueOrDefault(node);

    /// <summary>It reported lately, or has had no time to since the roster was made.</summary>
    public bool MayBeAlive(string node) => _links.TryGetValue(node, out var link) ? IsAlive(link) : Uptime < options.NodeSilence;

    /// <summary>The archive that a node records into; "" when the node is not known.</summary>
    public string ArchiveOf(string node) => _links.GetValueOrDefault(node)?.Report.Archive ?? known.Find(k => k.Name == node)?.Archive ?? "";

    /// <summary>Some node that is there serves the archive.</summary>
    public bool IsServed(string archive) => Alive.Any(l => l.Report.Archive == archive);

    /// <summary>Some node that serves the archive may be there, and has had no time to say so since the roster was made.</summary>
    public bool MayServe(string archive) => Uptime < options.NodeSilence && known.Exists(k => k.Archive == archive);

    /// <summary>Forgets what it knows of a node.</summary>
    public void Forget(string node) => _links.Remove(node);

    // Those that are over tell nothing any more.
    private void RememberLease(NodeLink link)
    {
        foreach (var over in _formerLeases.Where(lease => Uptime >= lease.Value + options.LeaseMargin).Select(lease => lease.Key).ToArray()) _formerLeases.Remove(over);
        _formerLeases[(link.Report.Node, link.Report.Life)] = link.LeaseUntil;
    }

    private static bool IsSamePlace(string life, string other) =>
        SiloAddress.TryParse(life, out var a) && SiloAddress.TryParse(other, out var b) && a.Endpoint.Equals(b.Endpoint);

    private (string Life, DateTimeOffset StartedAt)? LifeOf(string node) =>
        _links.TryGetValue(node, out var link) ? (link.Report.Life, link.Report.StartedAt)
        : known.Find(k => k.Name == node) is { } remembered ? (remembered.Life, remembered.StartedAt)
        : null;

    // By the number that a silo's address ends with, which grows with each start; by the clock where there is none.
    private static bool IsNewer(NodeReport report, (string Life, DateTimeOffset StartedAt) than) =>
        SiloAddress.TryParse(report.Life, out var a) && SiloAddress.TryParse(than.Life, out var b) && a.Generation != b.Generation
            ? a.Generation > b.Generation
            : report.StartedAt > than.StartedAt;
}
