using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Storage;

/// <summary>A constructor parameter that holds a stored state.</summary>
internal sealed class PersistentStateFacet
{
    private readonly Func<string, GrainId, IGrainStorage, (object Facet, Func<CancellationToken, Task> Read)> _make;
    private readonly PersistentStateAttribute _attribute;

    private PersistentStateFacet(Type type, PersistentStateAttribute attribute)
    {
        Type = type;
        _attribute = attribute;
        _make = typeof(PersistentStateFacet).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type.GetGenericArguments())
            .CreateDelegate<Func<string, GrainId, IGrainStorage, (object, Func<CancellationToken, Task>)>>();
    }

    public Type Type { get; }

    public static PersistentStateFacet For(ParameterInfo parameter)
    {
        if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new InvalidOperationException($"The parameter {parameter.Name} of {parameter.Member.DeclaringType} has [PersistentState] but is no IPersistentState<T>.");
        return new PersistentStateFacet(parameter.ParameterType, parameter.GetCustomAttribute<PersistentStateAttribute>()!);
    }

    public object Create(ActivationData activation)
    {
        var name = _attribute.StorageName ?? StorageProviders.DefaultName;
        var storage = activation.ActivationServices.GetKeyedService<IGrainStorage>(name)
            ?? throw new BadProviderConfigException($"{activation.Class.Type} stores its state \"{_attribute.StateName}\" with the provider \"{name}\", which this silo does not have.");
        var (facet, read) = _make(_attribute.StateName, activation.GrainId, storage);
        activation.SetUp.Add(read);
        return facet;
    }

    private static (object Facet, Func<CancellationToken, Task> Read) Make<T>(string stateName, GrainId grain, IGrainStorage storage)
    {
        var state = new PersistentState<T>(stateName, grain, storage);
        return (state, state.ReadStateAsync);
    }
}
