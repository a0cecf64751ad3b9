using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Client;

[Collection(nameof(TwoSilos))]
public sealed class AskingTests(TwoSilos silos)
{
    [Fact, Trait("Case", "64")]
    public async Task A_grain_waits_for_the_answer_of_an_object_of_the_client_and_of_a_silo()
    {
        foreach (var caller in silos.Callers)
        {
            var oracle = new Oracle();
            var reference = caller.CreateObjectReference<IOracle>(oracle);

            Assert.Equal("it said YES", await caller.GetGrain<IAskingGrain>(Unique.Key("asking")).Ask(reference, "yes"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => caller.GetGrain<IAskingGrain>(Unique.Key("asking")).Ask(reference, "?"));
            GC.KeepAlive(oracle);
        }
    }
}

public sealed class ReconnectTests
{
    [Fact, Trait("Section", "2.9")]
    public async Task A_client_finds_its_silo_again_after_the_silo_was_away()
    {
        var ports = Ports.ForSilo();
        using var first = Hosts.Silo(ports);
        await first.StartAsync();
        // By default a client looks only once a minute whether a lost gateway is there again.
        using var client = Hosts.Client(ports.Gateway, builder => builder
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(2))
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1)));
        await client.StartAsync();
        var grains = client.Services.GetRequiredService<IClusterClient>();
        var oracle = new Oracle();
        Assert.Equal("it said YES", await grains.GetGrain<IAskingGrain>("asking:over the socket").Ask(grains.CreateObjectReference<IOracle>(oracle), "yes"));
        await first.StopAsync();

        using var second = Hosts.Silo(ports);
        await second.StartAsync();

        var reference = grains.CreateObjectReference<IOracle>(oracle);
        await Eventually.IsTrue(async () => await grains.GetGrain<IAskingGrain>("asking:again").Ask(reference, "yes") == "it said YES", 60);
        GC.KeepAlive(oracle);
        await client.StopAsync();
        await second.StopAsync();
    }
}
