using System.Diagnostics;

namespace MiniOrleans.Processes.Tests;

[Collection(nameof(Database))]
public sealed class LoadTests(Database database)
{
    [Fact]
    public async Task On_a_machine_that_has_much_more_to_do_than_it_can_no_silo_is_taken_for_dead()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var busy = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(20));
            foreach (var silo in farm.Silos)
            {
                Assert.False(silo.HasExited, silo.Log);
                Assert.Equal(SiloStatus.Active, await farm.StatusInTable(silo));
            }
        }
        finally
        {
            foreach (var process in busy)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }
}
