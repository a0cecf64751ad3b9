using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>The activations of one stateless worker on one silo: a request goes to a free one, a new one, or the least busy one.</summary>
internal sealed class WorkerPool(int max)
{
    private readonly Lock _lock = new();
    private ImmutableList<ActivationData> _members = [];

    public IReadOnlyList<ActivationData> Members => _members;

    public (ActivationData Worker, bool IsNew) Choose(Func<ActivationData> create)
    {
        lock (_lock)
        {
            var leastBusy = _members.MinBy(worker => worker.Load);
            if (leastBusy is { Load: 0 } || (leastBusy is not null && _members.Count >= max)) return (leastBusy, false);
            var made = create();
            _members = _members.Add(made);
            return (made, true);
        }
    }

    public void Remove(ActivationData activation)
    {
        lock (_lock) _members = _members.Remove(activation);
    }
}
