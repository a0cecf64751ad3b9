namespace Orleans.Runtime;

/// <summary>A grain's stored state, read before the grain activates.</summary>
public interface IPersistentState<TState> : Core.IStorage<TState>;

/// <summary>Marks an attribute whose parameter the runtime fills in.</summary>
public interface IFacetMetadata;

/// <summary>A constructor parameter of type <see cref="IPersistentState{TState}"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute, IFacetMetadata
{
    /// <summary>The record's name, unique among grain classes.</summary>
    public string StateName { get; } = stateName;

    /// <summary>The storage provider; null for the default.</summary>
    public string? StorageName { get; } = storageName;
}
