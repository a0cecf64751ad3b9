using System.Collections.Concurrent;
using MiniOrleans.TestSilo.Grains;

namespace MiniOrleans.Processes.Tests;

[Collection(nameof(Database))]
public sealed class LeavingTests(Database database)
{
    [Fact, Trait("Case", "56")]
    public async Task A_silo_that_is_asked_to_end_under_load_fails_no_call()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var leaving = farm.Silos[1];
        var grains = Enumerable.Range(0, 60).Select(n => farm.Work($"steady-{n}-work")).ToArray();
        await Task.WhenAll(grains.Select(grain => grain.Add()));
        var there = await farm.WorkOn(leaving);
        var failures = new ConcurrentQueue<Exception>();
        var calls = 0;
        using var enough = new CancellationTokenSource();
        var load = grains.Select(grain => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    await grain.Sleep(TimeSpan.FromMilliseconds(20));
                    Interlocked.Increment(ref calls);
                }
                catch (Exception exception)
                {
                    // What the test counts.
                    failures.Enqueue(exception);
                }
            }
        })).ToArray();
        await farm.Until(() => Task.FromResult(Volatile.Read(ref calls) > 200));
        var underWay = there.Sleep(TimeSpan.FromSeconds(1.5));

        await leaving.Terminate();
        var answer = await underWay;
        await leaving.Exited();
        var afterwards = Volatile.Read(ref calls);
        await farm.Until(() => Task.FromResult(Volatile.Read(ref calls) > afterwards + 200));
        await enough.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(failures);
        Assert.Equal(leaving.Identity, answer);
        Assert.Equal(0, leaving.ExitCode);
        Assert.Equal(SiloStatus.Dead, await farm.StatusInTable(leaving));
        Assert.NotEmpty(leaving.Said("deactivated "));
        Assert.All(leaving.Said("deactivated "), line => Assert.EndsWith(" ShuttingDown", line, StringComparison.Ordinal));
    }

    [Fact, Trait("Case", "58")]
    public async Task A_client_that_starts_before_any_silo_waits_for_one_if_its_filter_says_so()
    {
        await using var farm = await Farm.Start(database.Server, 0, withClient: false);
        var refused = farm.BuildClient(client => client.UseConnectionRetryFilter((_, _) => Task.FromResult(false)));
        await Assert.ThrowsAnyAsync<OrleansException>(() => refused.StartAsync());

        var waiting = farm.StartClient(client => client.UseConnectionRetryFilter(async (_, stop) =>
        {
            await Task.Delay(500, stop);
            return true;
        }));
        await farm.Launch("a").Ready();

        Assert.NotEmpty(await (await waiting.WaitAsync(TimeSpan.FromSeconds(20))).GetGrain<IWorkGrain>("first-work").Silo());
    }
}
