using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Several silos in the process of the tests, called Silo_0 and so on, and a client.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly InProcessTestClusterBuilder _builder;
    private readonly TestSilos _silos;
    private IHost? _client;

    internal InProcessTestCluster(InProcessTestClusterBuilder builder)
    {
        _builder = builder;
        _silos = new(builder.Options, index => $"Silo_{index}", builder.BuildSilo);
    }

    /// <summary>Identity and size.</summary>
    public InProcessTestClusterOptions Options => _builder.Options;

    /// <summary>The client.</summary>
    public IClusterClient Client =>
        (_client ?? throw new InvalidOperationException("The client is not started.")).Services.GetRequiredService<IClusterClient>();

    /// <summary>All that run.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos => _silos.Running.AsReadOnly();

    /// <summary>Starts the silos, then the client.</summary>
    public async Task DeployAsync()
    {
        await _silos.StartAsync(Options.InitialSilosCount).ConfigureAwait(false);
        if (Options.InitializeClientOnDeploy) _client = await TestClient.StartAsync(_builder.BuildClient(_silos.Cluster)).ConfigureAwait(false);
    }

    /// <summary>One silo more.</summary>
    public InProcessSiloHandle StartAdditionalSilo() => StartAdditionalSiloAsync().GetAwaiter().GetResult();

    /// <summary>One silo more.</summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync() => (await _silos.StartAsync(1).ConfigureAwait(false))[0];

    /// <summary>Some silos more.</summary>
    public Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart) => _silos.StartAsync(silosToStart);

    /// <summary>Stops a silo gracefully.</summary>
    public Task StopSiloAsync(InProcessSiloHandle instance) => _silos.StopAsync(instance, gracefully: true);

    /// <summary>Stops a silo abruptly; its death is recorded at once.</summary>
    public Task KillSiloAsync(InProcessSiloHandle instance) => _silos.StopAsync(instance, gracefully: false);

    /// <summary>Stops a silo gracefully and starts one of the same name and endpoint.</summary>
    public Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance) => _silos.RestartAsync(instance);

    /// <summary>Stops the client, then the silos, gracefully.</summary>
    public async Task StopAllSilosAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client) await TestClient.StopAsync(client).ConfigureAwait(false);
        await _silos.StopAllAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until all silos see the same members.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => _silos.WaitForLivenessAsync();

    /// <summary>A silo's services; the first one's when none is named.</summary>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null) => _silos.ServicesOf(silo);

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAllSilosAsync().ConfigureAwait(false);
}
