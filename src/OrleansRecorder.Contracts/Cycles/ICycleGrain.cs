using Orleans.Concurrency;
using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>The farm's poll cycle, key <see cref="Key"/>: plans, gives out slots, keeps the tasks, writes the reports through the archives.</summary>
[Alias("recorder.ICycleGrain")]
public interface ICycleGrain : IGrainWithStringKey
{
    /// <summary>There is one.</summary>
    const string Key = "farm";

    /// <summary>Starts the scheduler; false when it runs already.</summary>
    [Alias("Start")]
    Task<bool> Start();

    /// <summary>
    /// Stops the scheduler; false when it does not run. Returns when every capture has ended, or after 3 s at most:
    /// what is not over by then is recorded as interrupted. Keeps what was recorded and writes the reports.
    /// </summary>
    [Alias("Stop")]
    Task<bool> Stop();

    /// <summary>Called when a silo starts: goes on with a cycle that a crash interrupted. Does nothing when there is none.</summary>
    [Alias("Resume")]
    Task Resume();

    /// <summary>What the API shows; never waits behind a turn that writes state.</summary>
    [AlwaysInterleave, Alias("GetSnapshot")]
    Task<CycleSnapshot> GetSnapshot();

    /// <summary>A StreamGrain tells how its capture ended. Idempotent; results of an older attempt are ignored.</summary>
    [Alias("CaptureEnded")]
    Task CaptureEnded(CaptureResult result);

    /// <summary>A node tells, once a second, how it is and how far all its captures are; the answer says for how long it may go on with them.</summary>
    [AlwaysInterleave, Alias("Report")]
    Task<NodeLease> Report(NodeReport report);

    /// <summary>The nodes that have been heard of, by name; dead ones stay until they are forgotten.</summary>
    [AlwaysInterleave, Alias("GetNodes")]
    Task<NodeStatus[]> GetNodes();

    /// <summary>
    /// Forgets a dead node, so that listings no longer name it as unavailable; false when there is none of that name, or it is not dead. Takes some seconds when its lease
    /// is not over yet.
    /// </summary>
    [Alias("ForgetNode")]
    Task<bool> ForgetNode(string name);
}
