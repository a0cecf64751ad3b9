using Microsoft.Extensions.DependencyInjection;
using MiniOrleans.Tests.Activations;
using MiniOrleans.Tests.Calls;
using MiniOrleans.Tests.Placement;
using MiniOrleans.Tests.Storage;
using Orleans.Storage;

namespace MiniOrleans.Tests;

/// <summary>Two silos that all tests without special wishes share.</summary>
public sealed class TwoSilos() : ClusterFixture(2)
{
    protected override void ConfigureSilo(string name, ISiloBuilder silo) => silo
        .ConfigureServices(services => services.AddSingleton<SharedService>().AddScoped<OwnService>())
        .ConfigureServices(services => services.AddKeyedSingleton<IGrainStorage, BrokenStorage>("broken"))
        .AddMemoryGrainStorage("memory")
        .UseInMemoryReminderService()
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1))
        .AddPlacementDirector<NumberedSiloPlacement, NumberedSiloDirector>()
        .AddIncomingGrainCallFilter<WatchingFilter>();

    [CollectionDefinition(nameof(TwoSilos))]
    public sealed class Collection : ICollectionFixture<TwoSilos>;
}
