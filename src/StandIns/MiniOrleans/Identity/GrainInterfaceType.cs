namespace Orleans.Runtime;

/// <summary>The name of a grain interface: its alias, else its full name.</summary>
public readonly record struct GrainInterfaceType
{
    internal GrainInterfaceType(string value) => Value = value;

    internal string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
