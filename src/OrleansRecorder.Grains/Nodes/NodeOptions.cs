using Microsoft.Extensions.Options;

namespace OrleansRecorder.Nodes;

/// <summary>What one recording node is told.</summary>
public sealed class NodeOptions
{
    /// <summary>The node's name, unique on the farm; null leaves the silo's own. It should outlive a restart.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The name of the archive that its recordings are in, the key of their ArchiveGrain. Null for the node's own name; nodes that have the output directory on a
    /// common volume declare one name, and any of them serves it.
    /// </summary>
    public string? Archive { get; set; }

    /// <summary>The most captures that it runs at once, at least 1. Default <see cref="NodeCapacity.Default"/>.</summary>
    public int Capacity { get; set; } = NodeCapacity.Default;

    /// <summary>How often the node says how it is. Default 1 s, more than zero; it must stay well below the lease that answers it.</summary>
    public TimeSpan ReportPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Captures that end by themselves within this when the node is drained may finish; the others are interrupted at once and go on elsewhere. Default 5 s.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long captures may take to end, and their results to be delivered, when the node shuts down: must stay within the host's own limit. Default 8 s.
    /// Of the grace period so much counts then as leaves 3 s of this for the ending.
    /// </summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(8);
}

/// <summary>Says all that is wrong with a node's options before the node starts.</summary>
internal sealed class NodeOptionsValidator : IValidateOptions<NodeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        List<string> problems = [];
        if (options.Name is not null && string.IsNullOrWhiteSpace(options.Name)) problems.Add("the node's name must not be empty");
        if (options.Archive is not null && string.IsNullOrWhiteSpace(options.Archive)) problems.Add("the archive's name must not be empty");
        if (options.Capacity < 1) problems.Add($"the node's capacity must be at least 1, not {options.Capacity}");
        if (options.ReportPeriod <= TimeSpan.Zero) problems.Add("the report period must be more than zero");
        if (options.GracePeriod < TimeSpan.Zero) problems.Add("the grace period must not be negative");
        if (options.DrainLimit < TimeSpan.Zero) problems.Add("the drain limit must not be negative");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
