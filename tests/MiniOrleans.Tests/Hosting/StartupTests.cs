using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniOrleans.Tests.Calls;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Hosting;

public sealed class StartupTests
{
    [Fact, Trait("Case", "62")]
    public async Task A_startup_task_runs_when_the_silo_is_active_and_may_call_grains()
    {
        var key = Unique.Key("startup");
        var status = SiloStatus.None;
        using var silo = Hosts.Silo(Ports.ForSilo(), builder => builder.AddStartupTask(async (services, _) =>
        {
            var address = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
            status = services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.GetSiloStatus(address);
            await services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key).Increment();
        }));

        await silo.StartAsync();

        Assert.Equal(SiloStatus.Active, status);
        Assert.Equal(1, await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key).Value());
        await silo.StopAsync();
    }

    [Fact, Trait("Case", "62")]
    public async Task A_startup_task_that_throws_fails_the_start()
    {
        using var silo = Hosts.Silo(Ports.ForSilo(), builder => builder.AddStartupTask((_, _) => throw new MarkedException("not today", 1)));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => silo.StartAsync());
        Assert.IsType<MarkedException>(thrown.GetBaseException());
    }

    [Fact, Trait("Section", "2.9")]
    public async Task A_silo_that_stops_deactivates_its_grains()
    {
        var key = Unique.Key("stopping");
        using var silo = Hosts.Silo(Ports.ForSilo());
        await silo.StartAsync();
        await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<Activations.ILifeGrain>(GrainId.Create("life", key)).Activation();

        await silo.StopAsync();

        Assert.Equal(["leaving", nameof(DeactivationReasonCode.ShuttingDown)], Journal.Of(key));
    }
}
