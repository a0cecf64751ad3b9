using System.Collections.Immutable;

namespace Orleans.Metadata;

/// <summary>What is known of a grain class, as text.</summary>
public sealed class GrainProperties(ImmutableDictionary<string, string> values)
{
    /// <summary>Name to value.</summary>
    public ImmutableDictionary<string, string> Properties { get; } = values;
}
