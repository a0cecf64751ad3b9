using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Builds a cluster of several silos in the process of the tests, and a client, from delegates.</summary>
public sealed class InProcessTestClusterBuilder
{
    private readonly List<Action<InProcessTestSiloSpecificOptions, ISiloBuilder>> _silo = [];
    private readonly List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> _siloHost = [];
    private readonly List<Action<IClientBuilder>> _client = [];
    private readonly List<Action<IHostApplicationBuilder>> _host = [];

    /// <summary>One silo.</summary>
    public InProcessTestClusterBuilder() : this(1) { }

    /// <summary>So many silos.</summary>
    public InProcessTestClusterBuilder(short initialSilosCount) => Options.InitialSilosCount = initialSilosCount;

    /// <summary>Identity and size.</summary>
    public InProcessTestClusterOptions Options { get; } = new();

    /// <summary>Configures each silo.</summary>
    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        _silo.Add(configureSiloDelegate);
        return this;
    }

    /// <summary>Configures each silo's host.</summary>
    public InProcessTestClusterBuilder ConfigureSiloHost(Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        _siloHost.Add(configureSiloHostDelegate);
        return this;
    }

    /// <summary>Configures the client.</summary>
    public InProcessTestClusterBuilder ConfigureClient(Action<IClientBuilder> configureClientDelegate)
    {
        _client.Add(configureClientDelegate);
        return this;
    }

    /// <summary>Configures every host, the client's too.</summary>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        _host.Add(configureDelegate);
        return this;
    }

    /// <summary>The cluster, not started yet.</summary>
    public InProcessTestCluster Build() => new(this);

    internal IHost BuildSilo(string name, Action<ISiloBuilder> configureSilo)
    {
        var options = new InProcessTestSiloSpecificOptions { SiloName = name };
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var configure in _host) configure(host);
        foreach (var configure in _siloHost) configure(options, host);
        host.UseOrleans(silo =>
        {
            configureSilo(silo);
            foreach (var configure in _silo) configure(options, silo);
        });
        return host.Build();
    }

    internal IHost BuildClient(InProcessCluster cluster)
    {
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var configure in _host) configure(host);
        host.UseOrleansClient(client =>
        {
            TestClient.Configure(client, Options, cluster);
            foreach (var configure in _client) configure(client);
        });
        return host.Build();
    }
}
