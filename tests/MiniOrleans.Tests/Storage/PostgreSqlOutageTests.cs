using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Storage;

/// <summary>A database that goes away and comes back.</summary>
public sealed class PostgreSqlOutageTests
{
    [Theory, Trait("Section", "2.8")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writes_fail_while_the_database_is_away_and_go_on_where_they_were_when_it_is_back(bool killed)
    {
        await using var server = await PostgreSqlServer.Create();
        var database = await server.CreateDatabase();
        using var silo = Hosts.Silo(Ports.ForSilo(), builder => builder
            .AddAdoNetGrainStorage("postgresql", (AdoNetGrainStorageOptions options) => (options.Invariant, options.ConnectionString) = ("Npgsql", database)));
        await silo.StartAsync();
        var grain = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>(GrainId.Create("note.postgresql", Unique.Key("outage")));
        var before = await grain.Write("before");

        await (killed ? server.Kill() : server.Stop());
        // What the caller of a grain sees of a driver's exception is the engine's own affair.
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => grain.Write("meanwhile"));
        Assert.IsNotType<InconsistentStateException>(thrown);

        await server.Start();
        await Eventually.IsTrue(async () => await TryWrite(grain, "after") is not null);
        var after = await grain.Read();
        Assert.Equal(("after", before.Activation), (after.Text, after.Activation));
        await silo.StopAsync();
    }

    [Fact, Trait("Section", "3.1")]
    public async Task A_database_that_hangs_keeps_nobody_waiting_for_long()
    {
        await using var server = await PostgreSqlServer.Create();
        var database = await server.CreateDatabase();
        using var silo = Hosts.Silo(Ports.ForSilo(), builder => builder
            .AddAdoNetGrainStorage("postgresql", (AdoNetGrainStorageOptions options) => (options.Invariant, options.ConnectionString) = ("Npgsql", $"{database};Timeout=5;Command Timeout=5")));
        await silo.StartAsync();
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("postgresql");
        var id = GrainId.Create("note.postgresql", Unique.Key("hang"));
        var state = new GrainState<Note>(new Note { Text = "before" });
        await storage.WriteStateAsync("hang", id, state);

        await server.Suspend();
        var writes = Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAnyAsync<Exception>(() => storage.WriteStateAsync("hang", id, new GrainState<Note>(new Note(), state.ETag))));
        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(30));
        await server.Resume();

        await Eventually.IsTrue(
            async () =>
            {
                try
                {
                    await storage.ReadStateAsync("hang", id, state);
                    return state.RecordExists;
                }
                catch (Exception e) when (e is not InvalidOperationException)
                {
                    // A connection that was cut off in the middle.
                    return false;
                }
            },
            withinSeconds: 60);
        await silo.StopAsync();
    }

    private static async Task<NoteView?> TryWrite(INoteGrain grain, string text)
    {
        try
        {
            return await grain.Write(text);
        }
        catch (Exception e) when (e is not InconsistentStateException)
        {
            // A connection of before the outage; the pool finds out one by one.
            return null;
        }
    }
}
