using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Nodes;

/// <summary>This node: its name, and the captures that run on it. Thread-safe.</summary>
internal sealed class CaptureNode(ILocalSiloDetails silo, ICaptureEngine engine, INodeTargets targets)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CaptureIdentity, NodeCapture> _captures = [];
    private bool _isDraining;

    /// <summary>Unique on the farm; the key of this node's ArchiveGrain.</summary>
    public string Name => silo.Name;

    /// <summary>Which life of the node this is.</summary>
    public string Life => silo.SiloAddress.ToParsableString();

    /// <summary>It takes nothing new.</summary>
    public bool IsDraining
    {
        get
        {
            lock (_lock) return _isDraining;
        }
    }

    /// <summary>Begins a capture; null when the node is draining.</summary>
    public NodeCapture? TryBegin(CaptureOrder order)
    {
        lock (_lock)
        {
            if (_isDraining) return null;
            var capture = new NodeCapture(engine.Start(order, targets.For(order)), Name);
            _captures[order.Identity] = capture;
            _ = Forget(capture);
            return capture;
        }
    }

    /// <summary>How far the captures are that have not ended.</summary>
    public CaptureProgress[] Progress()
    {
        lock (_lock) return [.. _captures.Values.Where(c => !c.Completion.IsCompleted).Select(c => c.Progress)];
    }

    /// <summary>Takes nothing new, ends what runs as interrupted, and waits until the results are delivered or <paramref name="limit"/> is over.</summary>
    /// <returns>How many results were not delivered in time.</returns>
    public async Task<int> Drain(TimeSpan limit, TimeProvider time)
    {
        NodeCapture[] captures;
        lock (_lock)
        {
            _isDraining = true;
            captures = [.. _captures.Values];
        }

        foreach (var capture in captures) capture.Stop(CaptureCause.Interrupted);
        var all = Task.WhenAll(captures.Select(c => c.Delivered));
        await Task.WhenAny(all, Task.Delay(limit, time)).ConfigureAwait(false);
        return captures.Count(c => !c.Delivered.IsCompleted);
    }

    private async Task Forget(NodeCapture capture)
    {
        await capture.Delivered.ConfigureAwait(false);
        lock (_lock) _captures.Remove(capture.Identity);
    }
}
