namespace Orleans.Runtime;

/// <summary>
/// Decides which waiting item of an activation may start: arrival order, but a later one that may interleave overtakes.
/// Not safe by itself: the activation's lock is held around every call.
/// </summary>
internal sealed class TurnQueue(bool reentrant)
{
    private readonly LinkedList<WorkItem> _waiting = [];
    private readonly List<WorkItem> _running = [];
    private readonly Dictionary<Guid, int> _sections = [];
    private int _specialWaiting;

    public bool IsIdle => _running.Count == 0 && _waiting.Count == 0;

    public bool IsRunning => _running.Count > 0;

    public IEnumerable<WorkItem> Waiting => _waiting;

    public IEnumerable<WorkItem> Running => _running;

    public int Count => _running.Count + _waiting.Count;

    public void Add(WorkItem item)
    {
        _waiting.AddLast(item);
        if (item.IsSpecial) _specialWaiting++;
    }

    public bool Remove(WorkItem item)
    {
        if (!_waiting.Remove(item)) return false;
        if (item.IsSpecial) _specialWaiting--;
        return true;
    }

    public void Finished(WorkItem item) => _running.Remove(item);

    /// <summary>Takes everything that waits.</summary>
    public List<WorkItem> TakeWaiting()
    {
        List<WorkItem> all = [.. _waiting];
        _waiting.Clear();
        _specialWaiting = 0;
        return all;
    }

    /// <summary>The next item that may start now, moved to the running ones; null when all must wait.</summary>
    /// <param name="onlyReentrant">The activation is ending: only the call chains it waits for may still come in.</param>
    public WorkItem? TakeNext(bool onlyReentrant)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (onlyReentrant ? IsInOpenSection(node.Value) : MayStart(node.Value))
            {
                Remove(node.Value, node);
                _running.Add(node.Value);
                return node.Value;
            }

            // Behind a plain item nothing plain can start either.
            if (_specialWaiting == 0 && !reentrant) return null;
        }

        return null;
    }

    public void OpenSection(Guid id) => _sections[id] = _sections.GetValueOrDefault(id) + 1;

    public void CloseSection(Guid id)
    {
        if (_sections.GetValueOrDefault(id) <= 1) _sections.Remove(id);
        else _sections[id]--;
    }

    private void Remove(WorkItem item, LinkedListNode<WorkItem> node)
    {
        _waiting.Remove(node);
        if (item.IsSpecial) _specialWaiting--;
    }

    private bool MayStart(WorkItem item) =>
        _running.Count == 0
        || item.AlwaysInterleave
        || reentrant
        || _running.TrueForAll(static running => running.AlwaysInterleave)
        || (item.ReadOnly && _running.TrueForAll(static running => running.ReadOnly || running.AlwaysInterleave))
        || IsInOpenSection(item);

    private bool IsInOpenSection(WorkItem item) => item.ReentrancyId != Guid.Empty && _sections.ContainsKey(item.ReentrancyId);
}
