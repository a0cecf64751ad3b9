namespace Orleans;

/// <summary>Names a grain class in identities and stored rows, whatever the class is called.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    internal string GrainType { get; } = grainType;
}
