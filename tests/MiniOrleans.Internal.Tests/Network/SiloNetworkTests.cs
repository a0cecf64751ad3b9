using System.Net;
using System.Net.Sockets;
using Orleans.Hosting;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.Placement;
using OrleansRecorder.Testing;

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
    public async Task A_grain_that_has_ended_is_placed_anew_by_a_caller_that_remembers_where_it_was()
    {
        await using var silos = new NetworkedSilos(remember: true);
        var (a, b, c) = (await silos.Start(), await silos.Start(), await silos.Start());
        var grain = a.GrainFactory.GetGrain<IRoamingGrain>("moving");
        foreach (var silo in new[] { b, c, b, a, c })
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Address);
            Assert.Equal(silo.Address.ToString(), await grain.Where());

            var activation = silo.Catalog.Find(grain.GetGrainId())!;
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The test wants it gone."));
            await activation.Deactivated;
        }
    }

    [Fact]
    public async Task Probes_and_small_calls_get_through_while_large_messages_wait()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        var bulk = Task.WhenAll(Enumerable.Range(0, 60).Select(_ => At(b, from: a).Echo(new byte[2_000_000])));

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

        static void Open(ISiloBuilder silo) => silo.ConfigureEndpoints(IPAddress.Loopback, Ports.Free(), Ports.Free(), listenOnAnyHostAddress: true);
    }

    [Fact]
    public async Task A_call_to_a_silo_where_nobody_listens_is_rejected_at_once()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        var nobody = SiloAddress.New(IPAddress.Loopback, Ports.Free(), 1);

        await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => a.GrainFactory.GetGrain<IFarGrain>(nobody.ToParsableString()).Where().WaitAsync(TimeSpan.FromSeconds(15)));
        await Assert.ThrowsAsync<ConnectionFailedException>(() => a.Network!.Probe(nobody, CancellationToken.None));
    }

    [Fact]
    public async Task A_silo_that_accepts_and_never_answers_is_given_up_after_a_few_seconds()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var address = SiloAddress.New((IPEndPoint)mute.LocalEndpoint, 1);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => a.Network!.Probe(address, patience.Token));
        await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => a.GrainFactory.GetGrain<IFarGrain>(address.ToParsableString()).Where());
    }

    [Fact]
    public async Task Calls_to_a_silo_that_cannot_be_reached_do_not_make_it_try_all_the_time()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        using var closing = new TcpListener(IPAddress.Loopback, 0);
        closing.Start();
        var (attempts, started) = (0, Environment.TickCount64);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                (await closing.AcceptTcpClientAsync()).Dispose();
                Interlocked.Increment(ref attempts);
            }
        });
        var grain = a.GrainFactory.GetGrain<IFarGrain>(SiloAddress.New((IPEndPoint)closing.LocalEndpoint, 1).ToParsableString());

        var calls = 0;
        for (; Environment.TickCount64 - started < 3000; calls++)
        {
            await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(grain.Where);
            await Task.Delay(1);
        }

        Assert.True(calls > 50, $"{calls} calls");
        // A tenth of a second after the first, then twice as long each time, up to a second; the client's HTTP may try one more time each.
        Assert.InRange(attempts, 2, 20);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_made_anew_by_the_next_message()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        await At(b, from: a).Where();

        for (var i = 0; i < 10; i++)
        {
            foreach (var link in ((SiloNetwork)a.Network!).Links) link.Break("It is cut.");
            await Wait.Until(async () => await At(b, from: a).Where() == b.Address.ToString());
            await Wait.Until(async () => await At(a, from: b).Where() == a.Address.ToString());
        }
    }

    [Fact]
    public async Task A_pair_of_silos_shares_one_connection()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());

        await At(b, from: a).Where();
        for (var i = 0; i < 10; i++) await At(a, from: b).Where();

        Assert.Single(((SiloNetwork)a.Network!).Links);
        Assert.Single(((SiloNetwork)b.Network!).Links);
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

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_silo_that_stops_under_load_costs_no_call(bool remember)
    {
        await using var silos = new NetworkedSilos(remember);
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
