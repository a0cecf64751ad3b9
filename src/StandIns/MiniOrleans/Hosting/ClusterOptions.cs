namespace Orleans.Configuration;

/// <summary>Which cluster, and whose data.</summary>
public class ClusterOptions
{
    /// <summary>Silos and clients with this find one another. Default: default.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Owns the stored states and reminders. Default: default.</summary>
    public string ServiceId { get; set; } = "default";
}
