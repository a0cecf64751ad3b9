using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniOrleans.TestSilo;
using MiniOrleans.TestSilo.Grains;
using Npgsql;
using Orleans.Configuration;
using OrleansRecorder.Testing;

namespace MiniOrleans.Processes.Tests;

/// <summary>Some silos, each in its process, their database, and a client in the process of the tests.</summary>
public sealed class Farm : IAsyncDisposable
{
    private const string Secret = "of the tests alone";
    private readonly string _database;
    private readonly string _cluster = $"cluster-{Guid.NewGuid():N}";
    private readonly List<IHost> _clients = [];
    private NpgsqlDataSource? _source;

    private Farm(string database) => _database = database;

    public List<SiloProcess> Silos { get; } = [];

    public IClusterClient Client { get; private set; } = null!;

    public IManagementGrain Management => Client.GetGrain<IManagementGrain>(0);

    /// <summary>Silos "a", "b" and so on, and a client that is connected to them.</summary>
    public static async Task<Farm> Start(PostgreSqlServer server, int silos, bool withClient = true)
    {
        var farm = new Farm(await server.CreateDatabase());
        try
        {
            var starting = Enumerable.Range(0, silos).Select(index => farm.Launch($"{(char)('a' + index)}")).ToList();
            await Task.WhenAll(starting.Select(silo => silo.Ready()));
            if (withClient) farm.Client = await farm.StartClient();
            return farm;
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }

    public SiloProcess Launch(string name, Func<SiloSettings, SiloSettings>? change = null)
    {
        var settings = SiloProcess.NewSettings(name, _cluster, _database, Secret);
        var silo = SiloProcess.Launch(change?.Invoke(settings) ?? settings);
        Silos.Add(silo);
        return silo;
    }

    /// <summary>The same silo again: name and endpoints.</summary>
    public SiloProcess LaunchAgain(SiloProcess silo)
    {
        var again = SiloProcess.Launch(silo.Settings);
        Silos.Add(again);
        return again;
    }

    public async Task<IClusterClient> StartClient(Action<IClientBuilder>? configure = null)
    {
        var host = BuildClient(configure);
        await host.StartAsync();
        return host.Services.GetRequiredService<IClusterClient>();
    }

    public IHost BuildClient(Action<IClientBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Cluster:Secret"] = Secret;
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", _database))
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (_cluster, _cluster))
                .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))
                .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
            configure?.Invoke(client);
        });
        var host = builder.Build();
        _clients.Add(host);
        return host;
    }

    public IWorkGrain Work(string key) => Client.GetGrain<IWorkGrain>(key);

    /// <summary>A grain on the silo of that name.</summary>
    public INamedWorkGrain On(string silo, string key = "x") => Client.GetGrain<INamedWorkGrain>($"{silo}/{key}");

    /// <summary>A work grain that lives on that silo.</summary>
    public async Task<IWorkGrain> WorkOn(SiloProcess silo)
    {
        for (var n = 0; n < 200; n++)
        {
            var grain = Work($"{Guid.NewGuid():N}-work");
            if (await grain.Silo() == silo.Identity) return grain;
        }

        throw new InvalidOperationException($"of 200 grains none was placed on {silo.Name}");
    }

    /// <summary>How long it takes until the table has the silo dead.</summary>
    public Task<TimeSpan> UntilDead(SiloProcess silo, int withinSeconds = 60) =>
        Until(async () => await StatusInTable(silo) == SiloStatus.Dead, withinSeconds, $"{silo.Name} is dead in the table");

    /// <summary>How long it takes until the condition holds; a call that fails as calls do when silos go away counts as "not yet".</summary>
    public async Task<TimeSpan> Until(Func<Task<bool>> condition, int withinSeconds = 60, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition()) return clock.Elapsed;
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansMessageRejectionException)
            {
                // Not yet.
            }

            if (clock.Elapsed > TimeSpan.FromSeconds(withinSeconds)) Assert.Fail($"Not within {withinSeconds} s: {what}\n{string.Join("\n\n", Silos.Select(silo => $"== {silo.Name}\n{silo.Log}"))}");
            await Task.Delay(20);
        }
    }

    /// <summary>Runs a statement; <c>$1</c> is the cluster.</summary>
    public async Task Execute(string sql)
    {
        _source ??= NpgsqlDataSource.Create(_database);
        await using var command = _source.CreateCommand(sql);
        command.Parameters.AddWithValue(_cluster);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whoever asks this table for anything waits until what is returned is disposed of.</summary>
    public async Task<IAsyncDisposable> Jam(string table)
    {
        var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", connection, transaction);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public async Task<SiloStatus> StatusInTable(SiloProcess silo)
    {
        _source ??= NpgsqlDataSource.Create(_database);
        await using var command = _source.CreateCommand("SELECT Status FROM OrleansMembershipTable WHERE DeploymentId = $1 AND Port = $2 AND Generation = $3");
        command.Parameters.AddWithValue(_cluster);
        command.Parameters.AddWithValue(silo.Address.Endpoint.Port);
        command.Parameters.AddWithValue(silo.Address.Generation);
        return (SiloStatus)((int?)await command.ExecuteScalarAsync() ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) await silo.DisposeAsync();
        foreach (var client in _clients)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await client.StopAsync(soon.Token);
            client.Dispose();
        }

        if (_source is not null) await _source.DisposeAsync();
    }
}
