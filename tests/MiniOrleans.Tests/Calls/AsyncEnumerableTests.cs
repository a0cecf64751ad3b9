namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class AsyncEnumerableTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("counting");

    [Fact, Trait("Case", "21")]
    public async Task All_elements_of_a_remote_sequence_arrive_in_order()
    {
        foreach (var caller in silos.Callers)
        {
            var seen = new List<int>();
            await foreach (var n in caller.GetGrain<ICountingGrain>(_key).Count(250)) seen.Add(n);

            Assert.Equal(Enumerable.Range(1, 250), seen);
        }
    }

    [Fact, Trait("Case", "21")]
    public async Task Leaving_a_remote_sequence_early_runs_its_finally_block()
    {
        await foreach (var n in silos.Client.GetGrain<ICountingGrain>(_key).Count(1_000_000))
        {
            if (n == 10) break;
        }

        await Journal.Has(_key, "finally");
    }

    [Fact, Trait("Case", "22")]
    public async Task An_error_in_a_remote_sequence_comes_after_the_elements_before_it()
    {
        var seen = new List<int>();

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var n in silos.Client.GetGrain<ICountingGrain>(_key).CountAndFail(6)) seen.Add(n);
        });

        Assert.Equal([1, 2, 3, 4, 5, 6], seen);
    }

    [Fact, Trait("Case", "21")]
    public async Task The_batch_size_of_a_remote_sequence_can_be_set()
    {
        var seen = new List<int>();
        await foreach (var n in silos.Client.GetGrain<ICountingGrain>(_key).Count(20).WithBatchSize(3)) seen.Add(n);

        Assert.Equal(Enumerable.Range(1, 20), seen);
    }
}
