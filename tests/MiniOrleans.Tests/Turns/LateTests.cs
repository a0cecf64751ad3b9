using Microsoft.Extensions.DependencyInjection;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Turns;

[Collection(nameof(TwoSilos))]
public sealed class LateTests(TwoSilos silos)
{
    [Fact, Trait("Section", "2.5")]
    public async Task A_request_whose_caller_has_given_up_before_its_turn_is_dropped()
    {
        var key = Unique.Key("late");
        var grain = silos.Client.GetGrain<ILateGrain>(key);
        var holding = grain.Hold(key);
        await Journal.Has(key, "held");

        await Assert.ThrowsAsync<TimeoutException>(grain.Hurried);
        Gate.Open(key);
        await holding;

        Assert.Equal(0, await grain.Rest());
    }
}

public sealed class StopTests
{
    [Fact, Trait("Section", "2.9")]
    public async Task A_silo_that_stops_lets_running_requests_finish()
    {
        var key = Unique.Key("stopping");
        using var silo = Hosts.Silo(Ports.ForSilo());
        await silo.StartAsync();
        var holding = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ILateGrain>(key).Hold(key);
        await Journal.Has(key, "held");

        var stopping = silo.StopAsync();
        await Task.Delay(200);
        Assert.False(stopping.IsCompleted);
        Gate.Open(key);

        await stopping;
        Assert.Contains("let go", Journal.Of(key));
        // Whether the answer still arrives is another matter: a host that stops may break what it waits for itself.
        await holding.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
