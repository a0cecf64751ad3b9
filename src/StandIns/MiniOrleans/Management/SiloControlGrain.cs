using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Runtime;

/// <summary>What silos ask each other; keyed by the silo's address, and on it.</summary>
internal interface ISiloControl : IGrainWithStringKey
{
    Task<DetailedGrainStatistic[]> GetStatistics(string[]? types);

    Task<GrainId[]> GetActiveGrains(GrainType type);

    Task Collect(TimeSpan ageLimit);

    Task RefreshReminders(GrainId grain);

    Task<SiloMetadata> GetMetadata();
}

/// <inheritdoc/>
[GrainType("sys.silo"), KeyedSiloPlacement, KeepAlive, Concurrency.Reentrant]
internal sealed class SiloControlGrain(Silo silo) : Grain, ISiloControl
{
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

    public Task RefreshReminders(GrainId grain) => ServiceProvider.GetService<LocalReminderService>() is { } reminders ? reminders.RefreshAsync(grain) : Task.CompletedTask;

    public Task<SiloMetadata> GetMetadata() => Task.FromResult(ServiceProvider.GetService<SiloMetadata>() ?? SiloMetadata.Empty);
}

/// <summary>On the silo that the key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KeyedSiloPlacementAttribute() : PlacementAttribute(new KeyedSiloPlacement());
