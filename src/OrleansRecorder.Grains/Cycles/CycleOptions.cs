namespace OrleansRecorder.Cycles;

/// <summary>The patience of the cycle. The defaults suit a farm; tests shorten them.</summary>
public sealed class CycleOptions
{
    /// <summary>How often the cycle looks at the clock while it has something to do. Default 250 ms.</summary>
    public TimeSpan TickPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A capture that no node has spoken of for this long is asked for. Default 5 s.</summary>
    public TimeSpan SilenceBeforeAsking { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a call that was not answered, or was put off, is made again. Default 1 s.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most a call to a stream or an archive may take before it counts as not answered. Default 5 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long captures have to end after a stop; what has not is recorded as interrupted. Default 2.5 s.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Captures end by themselves at the end of the cycle. How long after it they are told to. Default 1 s.</summary>
    public TimeSpan EndGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after the end of the cycle a capture that still has not ended is recorded as interrupted. Default 5 s.</summary>
    public TimeSpan EndLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an archive that is there is asked what a lost capture left before the task goes on without knowing. Default 3.</summary>
    public int PartsAttempts { get; set; } = 3;

    /// <summary>How long the next cycle waits for reports that cannot be written, on a full disk say. Default 30 s.</summary>
    public TimeSpan ReportPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For how many cycles after a cycle its files on disks that are away are waited for, and its reports kept for archives that are. Default 2.</summary>
    public int KeptCycles { get; set; } = 2;

    /// <summary>The most tasks in all the cycles that are kept for this; the last one is kept whatever its size. Default 6000, some 4 MB of the state.</summary>
    public int KeptTasks { get; set; } = 6000;

    /// <summary>The most calls to streams under way at once. Default 64.</summary>
    public int MaxCalls { get; set; } = 64;

    /// <summary>
    /// For how long a node may go on with its captures after it sent a report that was answered. Default 7 s: long enough for the cycle to move off a silo that hangs, short enough for what a dead node recorded to go on elsewhere within 15 s.
    /// </summary>
    public TimeSpan LeaseLength { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How much longer than its lease a silent node is given to have ended its captures, before others get them. Default 1 s.</summary>
    public TimeSpan LeaseMargin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// One process is all there is, and its state is locked for it: whatever recorded before it has ended, and no lease is waited for. Default false.
    /// </summary>
    public bool IsOneProcess { get; set; }

    /// <summary>A node gets nothing before it has had its first lease for this long: the answer has to reach it. Default 250 ms.</summary>
    public TimeSpan LeaseSettling { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A node that has not reported for this long gets nothing new, and counts as dead in lists. Default 4 s.</summary>
    public TimeSpan NodeSilence { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How often the activation looks whether a newer one has taken its place. A lease counts from the last look, so what this is longer,
    /// the nodes' leases are shorter. Default 500 ms.
    /// </summary>
    public TimeSpan TermPeriod { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After this long without a look, leases are renewed only while most nodes report. Default 2 s.</summary>
    public TimeSpan TermPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most nodes must have reported within this long, when the activation cannot look whether it is still the one. Default 3 s.</summary>
    public TimeSpan MajorityWindow { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest pause between two tries to write the state. Default 5 s.</summary>
    public TimeSpan LongestSavePause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after its storage went away an order to start or stop is held, for the storage to come back, before it is refused. Default 8 s: the API waits a little longer.
    /// </summary>
    public TimeSpan StoragePatience { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The pause before the order of a capture that found its stream on another node is given again. Default 250 ms.</summary>
    public TimeSpan ElsewherePause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A burst of starts is spread over this long; a start alone is not delayed. Default 1 s.</summary>
    public TimeSpan StartJitter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Random numbers from 0 to below 1.</summary>
    public Func<double> Random { get; set; } = System.Random.Shared.NextDouble;
}
