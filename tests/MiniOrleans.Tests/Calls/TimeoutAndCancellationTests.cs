using System.Diagnostics;

namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class TimeoutAndCancellationTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("slow");

    [Fact, Trait("Case", "18")]
    public async Task A_call_that_takes_too_long_times_out_and_the_grain_finishes_nevertheless()
    {
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAsync<TimeoutException>(() => silos.Client.GetGrain<ISlowGrain>(_key).TakeThreeSeconds());

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 2.9);
        await Journal.Has(_key, "done");
    }

    [Fact, Trait("Case", "19")]
    public async Task Cancelling_ends_the_call_at_once_and_reaches_the_grain()
    {
        foreach (var caller in silos.Callers)
        {
            var key = Unique.Key("slow");
            using var cancellation = new CancellationTokenSource();
            var call = caller.GetGrain<ISlowGrain>(key).WaitUntilCancelled(cancellation.Token);
            await Journal.Has(key, "waiting");

            await cancellation.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(2)));
            await Journal.Has(key, "cancelled", withinSeconds: 2);
        }
    }

    [Fact, Trait("Case", "20")]
    public async Task A_call_with_a_cancelled_token_never_reaches_the_grain()
    {
        var grain = silos.Client.GetGrain<ISlowGrain>(_key);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.NoteCall(new CancellationToken(canceled: true)));

        await grain.NoteCall();
        Assert.Equal(["called"], Journal.Of(_key));
    }
}
