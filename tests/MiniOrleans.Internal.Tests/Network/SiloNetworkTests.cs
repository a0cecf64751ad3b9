using System.Net;
using Orleans.Hosting;
using Orleans.Runtime.Messaging;

namespace MiniOrleans.Internal.Tests.Network;

public sealed class SiloNetworkTests
{
    [Fact]
    public async Task Silos_call_each_other_with_small_and_large_messages_at_once()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start("secret"), await silos.Start("secret"));
        int[] sizes = [0, 10, 40_000, 1 << 20, 5_000_000];

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var bytes = new byte[sizes[i % sizes.Length]];
            Array.Fill(bytes, (byte)i);
            var (from, to) = i % 2 == 0 ? (a, b) : (b, a);
            Assert.Equal(bytes, await At(to, from).Echo(bytes));
        }));

        Assert.Equal(b.Address.ToString(), await At(b, from: a).Where());
    }

    [Fact]
    public async Task Messages_to_one_silo_keep_their_order()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());

        for (var i = 0; i < 2000; i++) await At(b, from: a).Note(i);

        await Wait.Until(async () => (await At(b, from: a).Notes()).Length == 2000);
        Assert.Equal(Enumerable.Range(0, 2000), await At(b, from: a).Notes());
    }

    [Fact]
    public async Task Probes_and_small_calls_get_through_while_large_messages_wait()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        var bulk = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => At(b, from: a).Echo(new byte[2_000_000])));

        await a.Network!.Probe(b.Address, new CancellationTokenSource(NetworkedSilos.Patience).Token);
        await At(b, from: a).Where();

        Assert.False(bulk.IsCompleted);
        await bulk;
    }

    [Fact]
    public async Task A_silo_with_another_secret_is_refused_with_an_error_that_says_so()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start("one secret"), await silos.Start("another secret"));

        var probed = await Assert.ThrowsAsync<OrleansConfigurationException>(() => a.Network!.Probe(b.Address, CancellationToken.None));
        var called = await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => At(b, from: a).Where());

        Assert.Contains("Cluster:Secret", probed.Message, StringComparison.Ordinal);
        Assert.Contains("Cluster:Secret", called.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("one secret", called.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_secret_a_silo_listens_on_loopback_only()
    {
        await using var silos = new NetworkedSilos();

        await Assert.ThrowsAsync<OrleansConfigurationException>(() => silos.Start(configure: Open));
        var open = await silos.Start("secret", configure: Open);
        Assert.NotNull(open);

        static void Open(ISiloBuilder silo) => silo.ConfigureEndpoints(IPAddress.Loopback, NetworkedSilos.FreePort(), NetworkedSilos.FreePort(), listenOnAnyHostAddress: true);
    }

    [Fact]
    public async Task A_call_to_a_silo_where_nobody_listens_is_rejected_at_once()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        var nobody = SiloAddress.New(IPAddress.Loopback, NetworkedSilos.FreePort(), 1);

        await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => a.GrainFactory.GetGrain<IFarGrain>(nobody.ToParsableString()).Where().WaitAsync(TimeSpan.FromSeconds(15)));
        await Assert.ThrowsAsync<ConnectionFailedException>(() => a.Network!.Probe(nobody, CancellationToken.None));
    }

    [Fact]
    public async Task A_restarted_silo_is_another_one_and_calls_to_its_old_life_fail()
    {
        await using var silos = new NetworkedSilos();
        var (a, old) = (await silos.Start(), await silos.Start());
        await At(old, from: a).Where();
        await NetworkedSilos.Crash(old);
        var young = await silos.Start(port: old.Address.Endpoint.Port);

        await Wait.Until(async () => (await At(young, from: a).Where()) == young.Address.ToString());
        var failed = await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => At(old, from: a).Where());
        Assert.Contains("gone", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_under_way_to_a_silo_that_is_declared_dead_fails_and_nothing_goes_there_any_more()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        await At(b, from: a).Where();
        var call = At(b, from: a).WaitFor("never");

        await silos.DeclareDead(b);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call.WaitAsync(NetworkedSilos.Patience));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => At(b, from: a).Where());
        await Assert.ThrowsAsync<ConnectionFailedException>(() => a.Network!.Probe(b.Address, CancellationToken.None));
        await Assert.ThrowsAsync<ConnectionFailedException>(() => b.Network!.Probe(a.Address, CancellationToken.None));
    }

    [Fact]
    public async Task A_silo_that_stops_under_load_costs_no_call()
    {
        await using var silos = new NetworkedSilos();
        var (a, b, c) = (await silos.Start(), await silos.Start(), await silos.Start());
        using var enough = new CancellationTokenSource();
        var done = 0;
        var callers = Enumerable.Range(0, 16).Select(async caller =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                await (caller % 2 == 0 ? a : c).GrainFactory.GetGrain<IRoamingGrain>($"load:{caller}:{i % 20}").WhereAfter(i % 7);
                Interlocked.Increment(ref done);
            }
        }).ToList();
        await Wait.Until(() => Task.FromResult(Volatile.Read(ref done) > 500));

        await silos.Stop(b);

        var soFar = Volatile.Read(ref done);
        await Wait.Until(() => Task.FromResult(Volatile.Read(ref done) > soFar + 500));
        await enough.CancelAsync();
        await Task.WhenAll(callers);
    }

    private static IFarGrain At(Silo silo, Silo from) => from.GrainFactory.GetGrain<IFarGrain>(silo.Address.ToParsableString());
}
