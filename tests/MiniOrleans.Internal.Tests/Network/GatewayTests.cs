using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansRecorder.Testing;

namespace MiniOrleans.Internal.Tests.Network;

/// <summary>A client with several gateways.</summary>
public sealed class GatewayTests
{
    [Fact]
    public async Task A_client_spreads_its_grains_over_all_gateways_and_only_the_share_of_a_lost_one_moves()
    {
        await using var silos = new NetworkedSilos();
        Silo[] three = [await silos.Start("secret"), await silos.Start("secret"), await silos.Start("secret")];
        var client = await silos.Connect("secret", three);
        await Wait.Until(() => Task.FromResult(Ways(client).Count == 3));
        var before = Ways(client, 3000);
        Assert.All(before.CountBy(way => way.Value), way => Assert.InRange(way.Value, 800, 1200));

        await silos.Stop(three[1]);

        await Wait.Until(() => Task.FromResult(Ways(client).Count == 2));
        var after = Ways(client, 3000);
        var left = after.Values.ToHashSet();
        Assert.All(before.Where(way => left.Contains(way.Value)), way => Assert.Same(way.Value, after[way.Key]));
    }

    [Fact]
    public async Task Calls_under_way_through_a_gateway_that_is_lost_fail_at_once_and_the_next_ones_go_another_way()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        var client = await silos.Connect(null, a, b);
        await Wait.Until(() => Task.FromResult(Ways(client).Count == 2));
        var calls = Enumerable.Range(0, 40).Select(i => client.GrainFactory.GetGrain<IRoamingGrain>($"way:{i}")).Select(grain => (Grain: grain, Call: grain.WaitFor("later"))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.GrainFactory.GetGrain<IRoamingGrain>($"other:{i}").Where()));

        await NetworkedSilos.Crash(b);
        await silos.DeclareDead(b);

        var waiting = calls.Select(async call => await Assert.ThrowsAnyAsync<SiloUnavailableException>(() => call.Call)).ToList();
        await Wait.Until(() => Task.FromResult(waiting.Any(call => call.IsCompletedSuccessfully)));
        for (var i = 0; i < 100; i++) Assert.Equal(a.Address.ToString(), await client.GrainFactory.GetGrain<IRoamingGrain>($"new:{i}").Where());
        FarGrain.Gate("later").TrySetResult();
    }

    [Fact]
    public async Task A_gateway_that_stops_in_order_costs_no_call_and_those_under_way_get_their_answers()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        var client = await silos.Connect(null, a, b);
        await Wait.Until(() => Task.FromResult(Ways(client).Count == 2));
        using var enough = new CancellationTokenSource();
        var done = 0;
        var callers = Enumerable.Range(0, 16).Select(async caller =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                await client.GrainFactory.GetGrain<IRoamingGrain>($"load:{caller}:{i % 20}").WhereAfter(i % 50 == 0 ? 1000 : i % 5);
                Interlocked.Increment(ref done);
            }
        }).ToList();
        await Wait.Until(() => Task.FromResult(Volatile.Read(ref done) > 300));

        await silos.Stop(b);

        var soFar = Volatile.Read(ref done);
        await Wait.Until(() => Task.FromResult(Volatile.Read(ref done) > soFar + 300));
        await enough.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task A_gateway_that_comes_back_is_used_again_and_observers_of_the_connection_hear_of_it()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        var client = await silos.Connect(null, builder => builder.AddClusterConnectionStatusObserver<Counting>(), a);
        var counting = (Counting)client.Services.GetRequiredService<IClusterConnectionStatusObserver>();
        Assert.Equal((1, 0, true), counting.Changes.Single());

        await NetworkedSilos.Crash(a);
        await Wait.Until(() => Task.FromResult(counting.Lost == 1));
        await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => client.GrainFactory.GetGrain<IRoamingGrain>("nobody").Where());
        await silos.DeclareDead(a);
        await silos.Start(port: a.Address.Endpoint.Port, configure: silo => silo.ConfigureEndpoints(IPAddress.Loopback, Ports.Free(), a.Details.GatewayAddress.Endpoint.Port));

        await Wait.Until(async () => (await client.GrainFactory.GetGrain<IRoamingGrain>("somebody").Where()).Length > 0);
        Assert.Equal([(1, 0, true), (0, 1, false), (1, 0, true)], counting.Changes);
    }

    [Theory]
    [InlineData("another")]
    [InlineData(null)]
    public async Task A_client_with_another_secret_or_none_does_not_start_and_is_told_why(string? secret)
    {
        await using var silos = new NetworkedSilos();
        var silo = await silos.Start("the right one");

        var refused = await Assert.ThrowsAsync<OrleansConfigurationException>(() => silos.Connect(secret, silo));

        Assert.Contains("Cluster:Secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_on_one_silo_reaches_an_observer_whose_client_is_connected_to_another_one_only()
    {
        await using var silos = new NetworkedSilos();
        var (a, b, c) = (await silos.Start(), await silos.Start(), await silos.Start());
        var client = await silos.Connect(null, a);
        var news = new News();
        var reference = client.GrainFactory.CreateObjectReference<INews>(news);
        await At(b, client).Tell(reference, "from b");
        await At(c, client).Tell(reference, "from c");
        await Wait.Until(() => Task.FromResult(news.Heard.Count == 2));

        // The client goes to another gateway: who remembers the old one finds the new one.
        var other = await silos.Connect(null, b);
        await At(c, other).Tell(reference, "again");
        await Wait.Until(() => Task.FromResult(news.Heard.Contains("again")));
        var own = new News();
        await At(a, other).Tell(c.GrainFactory.CreateObjectReference<INews>(own), "to the host of c");
        await Wait.Until(() => Task.FromResult(own.Heard.Contains("to the host of c")));
        GC.KeepAlive(news);
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_its_connection_and_the_silo_serves_the_others()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        using var relay = new StallingRelay(a.Details.GatewayAddress.Endpoint);
        var slow = await silos.Connect(null, builder => builder.UseStaticClustering(relay.Endpoint));
        var quick = await silos.Connect(null, a);
        await At(a, slow).Where();
        relay.Stall();

        var asked = Enumerable.Range(0, 60).Select(_ => At(a, slow).Make(4_000_000)).ToList();
        foreach (var call in asked) _ = call.ContinueWith(static failed => _ = failed.Exception, TaskScheduler.Default);

        // 240 MB of answers for it: more than may wait.
        for (var i = 0; i < 20; i++) await At(a, quick).Where();
        await Wait.Until(() => Task.FromResult(!a.Gateway.Has(slow.Id)));
        Assert.Contains(silos.Warnings, warning => warning.Contains("too slowly", StringComparison.Ordinal));
        Assert.True(a.Gateway.Has(quick.Id));
    }

    [Fact]
    public async Task A_gateway_that_hangs_gets_no_new_calls_while_there_is_another()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        using var relay = new StallingRelay(b.Details.GatewayAddress.Endpoint);
        var client = await silos.Connect(null, builder => builder.UseStaticClustering(relay.Endpoint, a.Details.GatewayAddress.Endpoint));
        await Wait.Until(() => Task.FromResult(Ways(client).Count == 2));

        relay.Stall();

        await Wait.Until(() => Task.FromResult(Ways(client).Count == 1));
        for (var i = 0; i < 50; i++) await client.GrainFactory.GetGrain<IRoamingGrain>($"any:{i}").Where().WaitAsync(NetworkedSilos.Patience);
    }

    private static IFarGrain At(Silo silo, ClientRuntime from) => from.GrainFactory.GetGrain<IFarGrain>(silo.Address.ToParsableString());

    private static HashSet<IGatewayConnection> Ways(ClientRuntime client) => [.. Ways(client, 300).Values];

    private static Dictionary<int, IGatewayConnection> Ways(ClientRuntime client, int grains) => Enumerable.Range(0, grains)
        .Select(i => (i, Way: client.Gateways.Choose(GrainId.Create("grain", $"key:{i}"))))
        .Where(way => way.Way is not null)
        .ToDictionary(way => way.i, way => way.Way!);

    private sealed class News : INews
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public void Hear(string news) => Heard.Enqueue(news);
    }

    private sealed class Counting : IClusterConnectionStatusObserver
    {
        public ConcurrentQueue<(int Now, int Before, bool Recovered)> Changes { get; } = new();

        public int Lost { get; private set; }

        public void NotifyClusterConnectionLost() => Lost++;

        public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered) =>
            Changes.Enqueue((currentNumberOfGateways, previousNumberOfGateways, connectionRecovered));
    }
}
