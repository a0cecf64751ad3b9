using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>The activations of one silo.</summary>
internal sealed class Catalog(Silo silo)
{
    private readonly ConcurrentDictionary<GrainId, ActivationData> _activations = new();
    private readonly ConcurrentDictionary<GrainId, WorkerPool> _workers = new();

    public IEnumerable<ActivationData> All => _activations.Values.Concat(_workers.Values.SelectMany(pool => pool.Members));

    /// <summary>Hands a call to its activation, which is made if need be.</summary>
    public void Dispatch(Message message, GrainClass grainClass)
    {
        if (GrainInterface.Find(message.InterfaceName)?.FindMethod(message.MethodId) is not { } method)
        {
            silo.Router.Reject(message, $"{grainClass.Type} has no method {message.MethodId:x} of {message.InterfaceName}.");
            return;
        }

        while (true)
        {
            if (Find(message.Target) is null && (message.IsRemembered || !silo.AcceptsActivations))
            {
                // It may be elsewhere by now, or be wanted elsewhere.
                silo.Router.Reroute(message, anew: message.IsRemembered);
                return;
            }

            // The request waits before the activation begins: one that fails at once must fail it, not miss it.
            var (activation, isNew) = GetOrCreate(message.Target, grainClass);
            var taken = activation.Enqueue(new MessageRequest(activation, message, method));
            if (isNew) activation.Start();
            if (taken) return;
            Remove(activation);
        }
    }

    public void Cancel(Message message)
    {
        if (_activations.TryGetValue(message.Target, out var activation)) activation.Cancel(message);
        if (_workers.TryGetValue(message.Target, out var pool))
        {
            foreach (var worker in pool.Members) worker.Cancel(message);
        }
    }

    public ActivationData? Find(GrainId id) => _activations.TryGetValue(id, out var activation) ? activation : _workers.TryGetValue(id, out var pool) ? pool.Members.FirstOrDefault() : null;

    public void Remove(ActivationData activation)
    {
        if (activation.Class.MaxLocalWorkers is not null) _workers.GetValueOrDefault(activation.GrainId)?.Remove(activation);
        else _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
    }

    /// <summary>Ends all, side by side.</summary>
    public async Task DeactivateAll(DeactivationReason reason, CancellationToken cancellation)
    {
        while (All.ToList() is { Count: > 0 } left)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var activation in left) activation.Deactivate(reason, cancellation);
            await Task.WhenAll(left.Select(activation => activation.Deactivated)).WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The silo is gone before its activations were: at least nothing ticks any more.</summary>
    public void Abandon()
    {
        foreach (var activation in All) activation.Timers.Dispose();
    }

    private (ActivationData Activation, bool IsNew) GetOrCreate(GrainId id, GrainClass grainClass)
    {
        if (grainClass.MaxLocalWorkers is { } max) return _workers.GetOrAdd(id, _ => new WorkerPool(max)).Choose(() => new ActivationData(silo, id, grainClass));
        if (_activations.TryGetValue(id, out var known)) return (known, false);
        var made = new ActivationData(silo, id, grainClass);
        var winner = _activations.GetOrAdd(id, made);
        return (winner, ReferenceEquals(winner, made));
    }
}
