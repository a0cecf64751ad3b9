using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Nodes;

/// <summary>
/// This node: its names, its room, its lease, and the captures that run on it. Whatever the rest of the farm believes, it never runs more than its capacity, and
/// nothing without a lease. Thread-safe.
/// </summary>
internal sealed partial class CaptureNode : IDisposable
{
    // A capture told to end promises to be over by then, its result included.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);
    private static readonly string Version =
        typeof(CaptureNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly ILocalSiloDetails _silo;
    private readonly ICaptureEngine _engine;
    private readonly INodeTargets _targets;
    private readonly NodeSpace _space;
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DateTimeOffset _startedAt;

    private readonly Lock _lock = new();
    private readonly Dictionary<CaptureIdentity, NodeCapture> _captures = [];
    private int _places;
    private bool _isDraining;
    private bool _isStopping;

    public CaptureNode(
        ILocalSiloDetails silo, ICaptureEngine engine, INodeTargets targets, NodeSpace space, IOptions<NodeOptions> options, TimeProvider time, ILogger<CaptureNode> logger)
    {
        (_silo, _engine, _targets, _space, _options, _time, _logger) = (silo, engine, targets, space, options.Value, time, logger);
        _startedAt = time.GetUtcNow();
        Lease = new NodeLeaseKeeper(time, EndAll);
    }

    /// <summary>Unique on the farm.</summary>
    public string Name => _silo.Name;

    /// <summary>The key of the ArchiveGrain that serves what is recorded here.</summary>
    public string Archive => _options.Archive ?? Name;

    /// <summary>Which life of the node this is.</summary>
    public string Life => _silo.SiloAddress.ToParsableString();

    /// <summary>For how long it may go on.</summary>
    public NodeLeaseKeeper Lease { get; }

    /// <summary>What it says of itself now.</summary>
    public NodeReport Report()
    {
        var space = _space.Last;
        lock (_lock)
        {
            return new NodeReport
            {
                Node = Name,
                Archive = Archive,
                Life = Life,
                Captures = [.. _captures.Values.Where(c => !c.Completion.IsCompleted).Select(c => c.Progress)],
                Capacity = _options.Capacity,
                IsDraining = _isDraining || _isStopping,
                FreeBytes = space?.FreeBytes ?? -1,
                TotalBytes = space?.TotalBytes ?? -1,
                StartedAt = _startedAt,
                Version = Version,
            };
        }
    }

    /// <summary>
    /// Keeps a place for a capture that is about to begin; null when the node takes nothing new: it drains, is full, or has no lease. The caller disposes it.
    /// </summary>
    public Place? TryReserve()
    {
        if (!Lease.IsHeld) return null;
        lock (_lock)
        {
            if (_isDraining || _isStopping || _places >= _options.Capacity) return null;
            _places++;
            return new Place(this);
        }
    }

    /// <summary>
    /// Takes nothing new; what would go on for longer than the grace period ends as interrupted at once, so that another node goes on with it, and so does at the
    /// end of that period what has not ended by then as it should have.
    /// </summary>
    public void Drain()
    {
        NodeCapture[] running;
        lock (_lock)
        {
            if (_isDraining) return;
            _isDraining = true;
            running = [.. _captures.Values];
        }

        EndLongerThan(_options.GracePeriod);
        _ = EndLate(running);
    }

    /// <summary>Takes captures again, unless the process is about to end.</summary>
    public void Undrain()
    {
        lock (_lock) _isDraining = false;
    }

    /// <summary>Drains for good, then ends what is left, and waits until the results are delivered or <see cref="NodeOptions.DrainLimit"/> is over.</summary>
    /// <returns>How many results were not delivered in time.</returns>
    public async Task<int> Shutdown()
    {
        NodeCapture[] captures;
        lock (_lock)
        {
            _isStopping = true;
            captures = [.. _captures.Values];
        }

        var room = _options.DrainLimit - EndLimit;
        var grace = room < TimeSpan.Zero ? TimeSpan.Zero : room < _options.GracePeriod ? room : _options.GracePeriod;
        EndLongerThan(grace);
        var all = Task.WhenAll(captures.Select(c => c.Delivered));
        await Task.WhenAny(all, Task.Delay(grace, _time)).ConfigureAwait(false);
        foreach (var capture in captures.Where(c => !c.Completion.IsCompleted)) capture.Stop(CaptureCause.Interrupted);
        await Task.WhenAny(all, Task.Delay(_options.DrainLimit - grace, _time)).ConfigureAwait(false);
        return captures.Count(c => !c.Delivered.IsCompleted);
    }

    /// <inheritdoc/>
    public void Dispose() => Lease.Dispose();

    private NodeCapture? Begin(CaptureOrder order)
    {
        _space.Watch(order.OutputDirectory);
        NodeCapture capture;
        lock (_lock)
        {
            if (_isDraining || _isStopping || !Lease.IsHeld) return null;
            capture = new NodeCapture(order, _engine.Start(order, new HeardTarget(_targets.For(order), Lease)), Name);
            _captures[order.Identity] = capture;
        }

        _ = Follow(capture);
        return capture;
    }

    // Holds the capture's place until it has ended, and the capture itself until its result is delivered.
    private async Task Follow(NodeCapture capture)
    {
        await capture.Completion.ConfigureAwait(false);
        Free();
        await capture.Delivered.ConfigureAwait(false);
        lock (_lock)
        {
            if (_captures.GetValueOrDefault(capture.Identity) == capture) _captures.Remove(capture.Identity);
        }
    }

    private void Free()
    {
        lock (_lock) _places--;
    }

    private async Task EndLate(NodeCapture[] captures)
    {
        await Task.Delay(_options.GracePeriod, _time).ConfigureAwait(false);
        lock (_lock)
        {
            if (!_isDraining) return;
        }

        foreach (var capture in captures.Where(c => !c.Completion.IsCompleted)) capture.Stop(CaptureCause.Interrupted);
    }

    private void EndLongerThan(TimeSpan grace)
    {
        var now = _time.GetUtcNow();
        NodeCapture[] longer;
        lock (_lock) longer = [.. _captures.Values.Where(c => c.Left(now) > grace)];
        foreach (var capture in longer) capture.Stop(CaptureCause.Interrupted);
    }

    private void EndAll()
    {
        NodeCapture[] captures;
        lock (_lock) captures = [.. _captures.Values.Where(c => !c.Completion.IsCompleted)];
        foreach (var capture in captures) capture.Stop(CaptureCause.Interrupted);
        LogLapsed(captures.Length);
    }

    [LoggerMessage(2301, LogLevel.Warning, "Nobody has renewed this node's lease: its {Captures} captures end as interrupted, and it takes no new ones until it has a lease again.")]
    private partial void LogLapsed(int captures);

    /// <summary>Where the capture's files go, each but the first when CycleGrain has heard of it; no connection without a lease.</summary>
    private sealed class HeardTarget(IRecordingTarget target, NodeLeaseKeeper lease) : IRecordingTarget
    {
        public bool MayConnect => lease.IsHeld;

        public string Volume => target.Volume;

        public IRecordingFile CreatePart(int part) => target.CreatePart(part);

        public Task MayBeginAnother(CancellationToken stop) => lease.Heard(stop);
    }

    /// <summary>Room for one capture; gives it back when disposed without having begun.</summary>
    internal sealed class Place(CaptureNode node) : IDisposable
    {
        private bool _isUsed;

        /// <summary>Begins the capture; null when the node has stopped to take any meanwhile. At most once.</summary>
        public NodeCapture? Begin(CaptureOrder order)
        {
            var capture = node.Begin(order);
            _isUsed = capture is not null;
            return capture;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_isUsed) return;
            _isUsed = true;
            node.Free();
        }
    }
}
