using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace MiniOrleans.Internal.Tests.Network;

/// <summary>A client whose list of gateways changes.</summary>
public sealed class GatewayListTests
{
    [Fact]
    public async Task A_client_finds_new_gateways_leaves_those_that_are_gone_and_keeps_what_it_knows_when_the_list_is_away()
    {
        await using var silos = new NetworkedSilos();
        var (a, b) = (await silos.Start(), await silos.Start());
        var list = new ChangingList { Silos = [a] };
        var client = await silos.Connect(null, builder =>
        {
            builder.Services.AddSingleton<IGatewayList>(list);
            builder.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromMilliseconds(100));
        });
        Assert.Equal(1, Ways(client));

        list.Silos = [a, b];
        await Wait.Until(() => Task.FromResult(Ways(client) == 2));

        list.IsAway = true;
        var reads = list.Reads;
        await Wait.Until(() => Task.FromResult(list.Reads > reads + 1));
        Assert.Equal(2, Ways(client));
        await client.GrainFactory.GetGrain<IRoamingGrain>("any").Where();

        (list.Silos, list.IsAway) = ([b], false);
        await Wait.Until(() => Task.FromResult(Ways(client) == 1));
        await Wait.Until(() => Task.FromResult(!a.Gateway.Has(client.Id) && b.Gateway.Has(client.Id)));
    }

    [Fact]
    public async Task A_client_starts_although_one_of_its_gateways_does_not_answer()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        using var mute = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        mute.Start();

        var client = await silos.Connect(null, builder => builder.UseStaticClustering((System.Net.IPEndPoint)mute.LocalEndpoint, a.Details.GatewayAddress.Endpoint)).WaitAsync(NetworkedSilos.Patience);

        for (var i = 0; i < 20; i++) await client.GrainFactory.GetGrain<IRoamingGrain>($"any:{i}").Where();
    }

    [Fact]
    public async Task A_client_stops_in_order_whatever_breaks_while_it_calls_off_a_connection()
    {
        await using var silos = new NetworkedSilos();
        var a = await silos.Start();
        var list = new ChangingList { Silos = [a] };
        var client = await silos.Connect(null, builder =>
        {
            builder.Services.AddSingleton<IGatewayList>(list);
            builder.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromMilliseconds(100));
        });
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        list.Further = new GatewayTarget("breaks", async (_, cancellation) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new HttpRequestException("Connection refused");
        });
        await asked.Task.WaitAsync(NetworkedSilos.Patience);

        await client.DisposeAsync();

        Assert.False(client.Gateways.HasOpen);
    }

    private static int Ways(ClientRuntime client) => Enumerable.Range(0, 300).Select(i => client.Gateways.Choose(GrainId.Create("grain", $"key:{i}"))).OfType<IGatewayConnection>().Distinct().Count();

    private sealed class ChangingList : IGatewayList
    {
        private int _reads;

        public volatile bool IsAway;

        public Silo[] Silos { get; set; } = [];

        public GatewayTarget? Further { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public ValueTask<IReadOnlyList<GatewayTarget>> Read(string clusterId, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _reads);
            if (IsAway) throw new TimeoutException("The list is away.");
            var known = Silos.Select(silo => GatewayTarget.At(silo.Details.GatewayAddress.Endpoint));
            return new([.. Further is { } further ? known.Append(further) : known]);
        }
    }
}
