using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Storage;

/// <summary>The script, and what the storage demands of a database at start.</summary>
public sealed class SqliteSchemaTests : IDisposable
{
    private readonly SqliteFile _file = new();

    [Fact, Trait("Section", "3.3")]
    public async Task The_script_can_run_at_every_start_and_keeps_what_is_stored()
    {
        var id = GrainId.Create("any", "kept:key");
        using (var silo = SiloOn(_file))
        {
            await silo.StartAsync();
            await StorageOf(silo).WriteStateAsync("kept", id, new GrainState<Note>(new Note { Text = "kept" }));
            await silo.StopAsync();
        }

        _file.ApplySchema();

        using (var silo = SiloOn(_file))
        {
            await silo.StartAsync();
            var state = new GrainState<Note>();
            await StorageOf(silo).ReadStateAsync("kept", id, state);
            Assert.Equal(("kept", "1"), (state.State!.Text, state.ETag));
            await silo.StopAsync();
        }
    }

    [Theory, Trait("Section", "3.3")]
    [InlineData("ReadFromStorageKey", false)]
    [InlineData("WriteToStorageKey", false)]
    [InlineData("ClearStorageKey", false)]
    [InlineData("DeleteStorageKey", true)]
    public async Task A_missing_query_text_fails_the_start(string queryKey, bool deleteStateOnClear)
    {
        _file.Execute($"DELETE FROM OrleansQuery WHERE QueryKey = '{queryKey}'");
        using var silo = SiloOn(_file, options => options.DeleteStateOnClear = deleteStateOnClear);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => silo.StartAsync());
    }

    [Fact, Trait("Section", "3.3")]
    public async Task The_delete_text_may_be_missing_when_nothing_is_deleted()
    {
        _file.Execute("DELETE FROM OrleansQuery WHERE QueryKey = 'DeleteStorageKey'");
        using var silo = SiloOn(_file);

        await silo.StartAsync();
        await silo.StopAsync();
    }

    [Fact, Trait("Section", "1.5")]
    public async Task The_default_storage_is_found_with_and_without_its_name()
    {
        using var silo = Hosts.Silo(Ports.ForSilo(), builder => builder.AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions options) => Use(_file, options)));
        await silo.StartAsync();

        Assert.Same(silo.Services.GetRequiredKeyedService<IGrainStorage>("Default"), silo.Services.GetRequiredService<IGrainStorage>());
        await silo.StopAsync();
    }

    [Fact, Trait("Section", "3.1")]
    public async Task A_data_source_serves_as_well_as_a_connection_string()
    {
        await using var source = Microsoft.Data.Sqlite.SqliteFactory.Instance.CreateDataSource(_file.ConnectionString);
        using var silo = SiloOn(_file, options => (options.ConnectionString, options.DataSource) = (null, source));
        await silo.StartAsync();

        var state = new GrainState<Note>(new Note { Text = "through a data source" });
        await StorageOf(silo).WriteStateAsync("source", GrainId.Create("any", "source:key"), state);

        Assert.Equal("1", state.ETag);
        await silo.StopAsync();
    }

    [Fact, Trait("Section", "3.3")]
    public async Task The_serializer_of_the_options_comes_first_then_the_keyed_one_then_the_global_one()
    {
        using var silo = Hosts.Silo(Ports.ForSilo(), builder => builder
            .ConfigureServices(services => services
                .AddSingleton<IGrainStorageSerializer>(new TextSerializer("global"))
                .AddKeyedSingleton<IGrainStorageSerializer>("keyed", new TextSerializer("keyed"))
                .AddKeyedSingleton<IGrainStorageSerializer>("optioned", new TextSerializer("keyed")))
            .AddAdoNetGrainStorage("plain", (AdoNetGrainStorageOptions options) => Use(_file, options))
            .AddAdoNetGrainStorage("keyed", (AdoNetGrainStorageOptions options) => Use(_file, options))
            .AddAdoNetGrainStorage("optioned", (AdoNetGrainStorageOptions options) =>
            {
                Use(_file, options);
                options.GrainStorageSerializer = new TextSerializer("option");
            }));
        await silo.StartAsync();

        Assert.Equal("global", await Stored("plain"));
        Assert.Equal("keyed", await Stored("keyed"));
        Assert.Equal("option", await Stored("optioned"));
        await silo.StopAsync();

        async Task<string?> Stored(string storage)
        {
            var id = GrainId.Create("any", $"serializer:{storage}");
            var provider = silo.Services.GetRequiredKeyedService<IGrainStorage>(storage);
            await provider.WriteStateAsync("serializer", id, new GrainState<string>("whatever"));
            var read = new GrainState<string>();
            await provider.ReadStateAsync("serializer", id, read);
            return read.State;
        }
    }

    public void Dispose() => _file.Dispose();

    private static IHost SiloOn(SqliteFile file, Action<AdoNetGrainStorageOptions>? configure = null) =>
        Hosts.Silo(Ports.ForSilo(), silo => silo.AddAdoNetGrainStorage("sqlite", (AdoNetGrainStorageOptions options) =>
        {
            Use(file, options);
            configure?.Invoke(options);
        }));

    private static void Use(SqliteFile file, AdoNetGrainStorageOptions options) => (options.Invariant, options.ConnectionString) = ("System.Data.SQLite", file.ConnectionString);

    private static IGrainStorage StorageOf(IHost silo) => silo.Services.GetRequiredKeyedService<IGrainStorage>("sqlite");

    /// <summary>Stores its own name, whatever it is given.</summary>
    private sealed class TextSerializer(string name) : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.FromString(name);

        public T? Deserialize<T>(BinaryData input) => (T)(object)input.ToString();
    }
}
