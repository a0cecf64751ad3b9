namespace OrleansRecorder.Cycles.Nodes;

/// <summary>
/// Gives captures to nodes, for one round: each goes where there is the most room, counting what was ordered since the node's last report;
/// where that is equal, where the fewest run; then by name.
/// </summary>
internal sealed class FreePlaces(NodeRoster roster, Dictionary<string, int> used)
{
    private readonly Node[] _nodes = [.. roster.Alive.Where(roster.IsActive).Select(link => new Node(link, used.GetValueOrDefault(link.Report.Node)))];

    /// <summary>The nodes that take captures, the one with the most room first.</summary>
    public IEnumerable<NodeLink> Preferred => _nodes.OrderByDescending(n => n.Free).ThenBy(n => n.Used).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => n.Link);

    /// <summary>Whether any node has room.</summary>
    public bool HasRoom => Array.Exists(_nodes, n => n.Free > 0);

    /// <summary>Takes a place on the best node; null when there is no room.</summary>
    public NodeLink? Take()
    {
        var best = _nodes.Where(n => n.Free > 0).OrderByDescending(n => n.Free).ThenBy(n => n.Used).ThenBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault();
        if (best is null) return null;
        best.Used++;
        return best.Link;
    }

    private sealed class Node(NodeLink link, int used)
    {
        public NodeLink Link => link;

        public string Name => link.Report.Node;

        public int Used { get; set; } = used;

        public long Free => (long)link.Report.Capacity - Used;
    }
}
