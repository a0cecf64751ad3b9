namespace OrleansRecorder.Nodes;

/// <summary>What one recording node is told.</summary>
public sealed class NodeOptions
{
    /// <summary>The node's name, unique on the farm; null leaves the silo's own. It names the node's archive, so it should outlive a restart.</summary>
    public string? Name { get; set; }

    /// <summary>How often the node tells how far its captures are. Default 1 s.</summary>
    public TimeSpan ProgressPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long captures may take to end, and their results to be delivered, when the node shuts down. Default 8 s.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(8);
}
