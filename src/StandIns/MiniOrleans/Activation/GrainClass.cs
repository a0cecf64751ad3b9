using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>A grain class: its name, its rules, how to make one.</summary>
internal sealed class GrainClass
{
    private readonly Lazy<Func<ActivationData, object>> _create;

    public GrainClass(Type type, IServiceProvider services, PlacementRules placement)
    {
        Type = type;
        GrainType = GrainType.Create(NameOf(type));
        StatisticsName = $"{type.FullName},{type.Assembly.GetName().Name}";
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        Interfaces = [.. type.GetInterfaces().Where(candidate => GrainInterface.IsGrainInterface(candidate) && candidate != typeof(IAddressable))];
        Placement = placement.StrategyFor(type, GrainType, services);
        AgeLimit = type.IsDefined(typeof(KeepAliveAttribute), inherit: true)
            ? Timeout.InfiniteTimeSpan
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>(inherit: true)?.AgeLimit;
        _create = new(() => GrainActivator.For(type), LazyThreadSafetyMode.PublicationOnly);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    /// <summary><c>Namespace.Class,Assembly</c>.</summary>
    public string StatisticsName { get; }

    public bool IsReentrant { get; }

    public IReadOnlyList<Type> Interfaces { get; }

    public PlacementStrategy Placement { get; }

    public bool UsesDirectory => Placement.IsUsingGrainDirectory;

    /// <summary>At most so many activations a silo; null for one a cluster.</summary>
    public int? MaxLocalWorkers => (Placement as StatelessWorkerPlacement)?.MaxLocalWorkers;

    /// <summary>What the class says of its idle age; null when it says nothing.</summary>
    public TimeSpan? AgeLimit { get; }

    public object Create(ActivationData activation) => _create.Value(activation);

    private static string NameOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } named) return named.GrainType;
        var name = type.Name.ToLowerInvariant();
        return name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name;
    }
}
