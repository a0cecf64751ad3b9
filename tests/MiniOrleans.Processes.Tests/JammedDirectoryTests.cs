using Xunit.Abstractions;

namespace MiniOrleans.Processes.Tests;

/// <summary>The table of the grain directory is the stand-in's own: with the real packages this is not compiled.</summary>
[Collection(nameof(Database))]
public sealed class JammedDirectoryTests(Database database, ITestOutputHelper output)
{
    [Fact]
    public async Task A_killed_silo_is_dead_within_five_seconds_also_while_the_directory_answers_nobody()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        foreach (var silo in farm.Silos) await farm.On(silo.Name).Silo();
        await using (await farm.Jam("MiniDirectory"))
        {
            // Many more questions than a silo asks the database at once, and new ones when those have failed.
            using var enough = new CancellationTokenSource();
            var calls = Enumerable.Range(0, 600).Select(async n =>
            {
                for (var again = 0; !enough.IsCancellationRequested; again++) await Record.ExceptionAsync(() => farm.Work($"jammed-{n}-{again}-work").Silo());
            }).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(6));
            await farm.Silos[1].Kill();
            var dead = await farm.UntilDead(farm.Silos[1]);

            output.WriteLine($"dead after {dead.TotalSeconds:f2} s");
            await enough.CancelAsync();
            await Task.WhenAll(calls);
            Assert.InRange(dead.TotalSeconds, 0, 5);
        }
    }
}
