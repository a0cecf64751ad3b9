using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniOrleans.Tests.Calls;
using MiniOrleans.Tests.Serialization;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Client;

/// <summary>Clients and silos as hosts of their own that meet on sockets.</summary>
public sealed class ClientStartTests
{
    [Fact, Trait("Case", "58")]
    public async Task A_client_started_before_its_silo_waits_for_it_and_then_works()
    {
        var ports = Ports.ForSilo();
        using var client = Hosts.Client(ports.Gateway);
        using var silo = Hosts.Silo(ports);

        var starting = client.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(starting.IsCompleted);
        await silo.StartAsync();
        await starting.WaitAsync(TimeSpan.FromSeconds(30));

        await CallsWork(client.Services.GetRequiredService<IClusterClient>());
        await client.StopAsync();
        await silo.StopAsync();
    }

    [Fact, Trait("Case", "58")]
    public async Task A_retry_filter_that_gives_up_lets_the_error_out_of_the_start()
    {
        Exception? seen = null;
        using var client = Hosts.Client(Ports.ForSilo().Gateway, builder => builder.UseConnectionRetryFilter((exception, _) =>
        {
            seen = exception;
            return Task.FromResult(false);
        }));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => client.StartAsync().WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.NotNull(seen);
        Assert.IsType(seen.GetType(), thrown);
    }

    /// <summary>Calls, messages, errors, cancellation, sequences and observers over the socket.</summary>
    private static async Task CallsWork(IClusterClient client)
    {
        var key = Unique.Key("socket");
        await client.GetGrain<ICounterGrain>(key).Increment();
        Assert.Equal(1, await client.GetGrain<ICounterGrain>(key).Value());

        var echo = await client.GetGrain<IEchoGrain>(key).Echo(new Everything { Text = "over the wire", Bytes = new byte[1 << 20] });
        Assert.Equal("over the wire", echo.Text);
        Assert.Equal(1 << 20, echo.Bytes.Length);

        var thrown = await Assert.ThrowsAsync<MarkedException>(() => client.GetGrain<IFailingGrain>(key).ThrowMarked("far", 7));
        Assert.Equal(7, thrown.Code);

        using var cancellation = new CancellationTokenSource();
        var waiting = client.GetGrain<ISlowGrain>(key).WaitUntilCancelled(cancellation.Token);
        await Journal.Has(key, "waiting");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Journal.Has(key, "cancelled");

        var numbers = new List<int>();
        await foreach (var n in client.GetGrain<ICountingGrain>(key).Count(60)) numbers.Add(n);
        Assert.Equal(Enumerable.Range(1, 60), numbers);

        var watcher = new Watcher(key);
        await client.GetGrain<INewsGrain>(key).Subscribe(client.CreateObjectReference<IWatcher>(watcher));
        await client.GetGrain<INewsGrain>(key).Publish("news");
        await Journal.Has(key, "news");
        GC.KeepAlive(watcher);
    }

    private sealed class Watcher(string key) : IWatcher
    {
        public void Heard(string news) => Journal.Note(key, news);
    }
}
