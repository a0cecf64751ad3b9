using Orleans.Concurrency;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Streams;

/// <summary>One stream, keyed by its URL without credentials: owns one capture at a time.</summary>
[Alias("recorder.IStreamGrain")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>
    /// Begins a capture and returns at once; CycleGrain hears of its end through <see cref="Cycles.ICycleGrain.CaptureEnded"/>.
    /// Idempotent by identity: an order that is already running is <see cref="CaptureAcceptance.Accepted"/> again.
    /// A newer attempt of the same task replaces an older one.
    /// </summary>
    [Alias("Begin")]
    Task<CaptureAcceptance> Begin(CaptureOrder order);

    /// <summary>Ends the capture cleanly, keeping what it has; within 3 s the end is reported. Unknown or ended identities are ignored.</summary>
    [Alias("End")]
    Task End(CaptureIdentity identity, CaptureCause cause);

    /// <summary>What runs now, and where the answer comes from: an activation on another node than the capture's knows nothing of it. One that has nothing goes away.</summary>
    [AlwaysInterleave, Alias("Running")]
    Task<StreamActivity> Running();
}

/// <summary>What a StreamGrain is doing.</summary>
/// <param name="Capture">The capture that runs, or null.</param>
/// <param name="Life">The life of the node that answers, as in <see cref="Nodes.NodeReport.Life"/>.</param>
[GenerateSerializer, Immutable, Alias("recorder.StreamActivity")]
public sealed record StreamActivity(CaptureIdentity? Capture, string Life);

/// <summary>A StreamGrain's answer to an order.</summary>
[GenerateSerializer, Alias("recorder.CaptureAcceptance")]
public enum CaptureAcceptance
{
    /// <summary>It runs.</summary>
    Accepted = 0,

    /// <summary>The stream is still busy with another task; ask again when that has ended.</summary>
    Busy = 1,

    /// <summary>The order is older than one that the stream has already seen.</summary>
    Outdated = 2,

    /// <summary>The node takes nothing new now: it drains, is full, or has no lease. Ask again, any node may answer.</summary>
    Draining = 3,

    /// <summary>The activation is not on the node that the order names, and goes away; ask again, and the node that is named will answer.</summary>
    Elsewhere = 4,
}
