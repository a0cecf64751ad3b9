using Npgsql;

namespace MiniOrleans.Processes.Tests;

/// <summary>Silos that cannot join say why, soon, and harm nobody.</summary>
[Collection(nameof(Database))]
public sealed class RefusalTests(Database database)
{
    [Fact]
    public async Task A_silo_with_another_secret_does_not_join()
    {
        await using var farm = await Farm.Start(database.Server, 2);

        var stranger = farm.Launch("stranger", settings => settings with { Secret = "something else" });

        Assert.Contains("secret", await FailureOf(stranger), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("something else", stranger.Log, StringComparison.Ordinal);
        await AllIsWell(farm, 2);
    }

    [Fact]
    public async Task A_silo_whose_clock_is_behind_its_last_life_does_not_join()
    {
        await using var farm = await Farm.Start(database.Server, 1);
        var settings = SiloProcess.NewSettings("late", "any", "any", "any");
        await farm.Execute(
            $"""
            INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
            VALUES ($1, '127.0.0.1', {settings.SiloPort}, {int.MaxValue}, 'late', 'here', 6, 0, now(), now())
            """);

        var late = farm.Launch("late", own => own with { SiloPort = settings.SiloPort });

        Assert.Contains("clock", await FailureOf(late), StringComparison.Ordinal);
        await AllIsWell(farm, 1);
    }

    [Fact]
    public async Task A_silo_without_its_database_says_so_and_tells_no_password()
    {
        await using var farm = await Farm.Start(database.Server, 0, withClient: false);

        var lost = farm.Launch("lost", settings => settings with { Database = new NpgsqlConnectionStringBuilder(settings.Database) { Port = 1, Timeout = 2 }.ConnectionString });

        Assert.NotEmpty(await FailureOf(lost));
        Assert.DoesNotContain(database.Server.Password, lost.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_in_a_database_without_the_tables_says_so()
    {
        await using var farm = await Farm.Start(database.Server, 0, withClient: false);
        var empty = await database.Server.CreateEmptyDatabase();

        Assert.NotEmpty(await FailureOf(farm.Launch("lost", settings => settings with { Database = empty })));
    }

    private static async Task<string> FailureOf(SiloProcess silo)
    {
        await silo.Exited(withinSeconds: 30);
        Assert.NotEqual(0, silo.ExitCode);
        return Assert.Single(silo.Said("failed "));
    }

    private static async Task AllIsWell(Farm farm, int silos)
    {
        await farm.Until(async () => (await farm.Management.GetHosts(onlyActive: true)).Count == silos, 15);
        Assert.Equal(1, await farm.Work($"{Guid.NewGuid():N}-work").Add());
    }
}
