using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Statistics;

namespace Orleans.Runtime;

/// <summary>What silos ask each other; keyed by the silo's address, and on it.</summary>
internal interface ISiloControl : IGrainWithStringKey
{
    Task<DetailedGrainStatistic[]> GetStatistics(string[]? types);

    Task<GrainId[]> GetActiveGrains(GrainType type);

    Task Collect(TimeSpan ageLimit);

    Task CollectGarbage();

    Task<SiloRuntimeStatistics> GetRuntimeStatistics();

    /// <summary>The grain's reminders were changed. A silo that does not own them any more passes it on, so many times.</summary>
    Task RefreshReminders(GrainId grain, int hops);

    Task<SiloMetadata> GetMetadata();

    /// <summary>Whether this silo is a way to the client.</summary>
    Task<bool> HasClient(GrainId client);

    /// <summary>Whether the grain's activation is here.</summary>
    Task<bool> HasGrain(GrainId grain);
}

/// <inheritdoc/>
[GrainType("sys.silo"), KeyedSiloPlacement, KeepAlive, Concurrency.Reentrant]
internal sealed class SiloControlGrain(Silo silo) : Grain, ISiloControl
{
    private static readonly TimeSpan RecentUse = TimeSpan.FromMinutes(10);

    public Task<DetailedGrainStatistic[]> GetStatistics(string[]? types) => Task.FromResult(silo.Catalog.All
        .Where(activation => activation.IsActive && types?.Contains(activation.Class.StatisticsName) != false)
        .Select(activation => new DetailedGrainStatistic { GrainType = activation.Class.StatisticsName, SiloAddress = silo.Address, GrainId = activation.GrainId })
        .ToArray());

    public Task<GrainId[]> GetActiveGrains(GrainType type) =>
        Task.FromResult(silo.Catalog.All.Where(activation => activation.IsActive && activation.GrainId.Type == type).Select(activation => activation.GrainId).Distinct().ToArray());

    public Task Collect(TimeSpan ageLimit)
    {
        silo.Collector.Collect(ageLimit);
        return Task.CompletedTask;
    }

    public Task CollectGarbage()
    {
        GC.Collect();
        return Task.CompletedTask;
    }

    public Task<SiloRuntimeStatistics> GetRuntimeStatistics()
    {
        var all = silo.Catalog.All.ToList();
        var recent = all.Count(activation => !activation.IsIdleFor(RecentUse));
        return Task.FromResult(new SiloRuntimeStatistics(all.Count, recent, silo.Gateway.ClientCount, EnvironmentStatistics.Now(), DateTime.UtcNow));
    }

    public Task RefreshReminders(GrainId grain, int hops) =>
        ServiceProvider.GetService<LocalReminderService>() is { } reminders ? reminders.RefreshAsync(grain, hops) : Task.CompletedTask;

    public Task<SiloMetadata> GetMetadata() => Task.FromResult(ServiceProvider.GetService<SiloMetadata>() ?? SiloMetadata.Empty);

    public Task<bool> HasClient(GrainId client) => Task.FromResult(silo.HasClient(client));

    public Task<bool> HasGrain(GrainId grain) => Task.FromResult(silo.Catalog.Find(grain) is { IsActive: true });
}

/// <summary>On the silo that the key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KeyedSiloPlacementAttribute() : PlacementAttribute(new KeyedSiloPlacement());
