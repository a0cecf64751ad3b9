using Microsoft.Extensions.Configuration;

namespace Orleans.TestingHost;

/// <summary>Builds a cluster of several silos in the process of the tests, and a client.</summary>
public class TestClusterBuilder
{
    private readonly List<Action<IConfigurationBuilder>> _hostConfiguration = [];
    private readonly List<Type> _siloConfigurators = [];
    private readonly List<Type> _clientConfigurators = [];

    /// <summary>Two silos.</summary>
    public TestClusterBuilder() : this(2) { }

    /// <summary>So many silos.</summary>
    public TestClusterBuilder(short initialSilosCount) => Options.InitialSilosCount = initialSilosCount;

    /// <summary>Identity and size.</summary>
    public TestClusterOptions Options { get; } = new();

    /// <summary>Values in the hosts' configuration.</summary>
    public Dictionary<string, string?> Properties { get; } = [];

    internal IReadOnlyList<Type> SiloConfigurators => _siloConfigurators;

    internal IReadOnlyList<Type> ClientConfigurators => _clientConfigurators;

    /// <summary>Adds an <see cref="ISiloConfigurator"/> or <see cref="IHostConfigurator"/>.</summary>
    public TestClusterBuilder AddSiloBuilderConfigurator<T>() where T : new()
    {
        _siloConfigurators.Add(typeof(T));
        return this;
    }

    /// <summary>Adds an <see cref="IClientBuilderConfigurator"/>.</summary>
    public TestClusterBuilder AddClientBuilderConfigurator<T>() where T : IClientBuilderConfigurator, new()
    {
        _clientConfigurators.Add(typeof(T));
        return this;
    }

    /// <summary>Adds to the hosts' configuration.</summary>
    public TestClusterBuilder ConfigureHostConfiguration(Action<IConfigurationBuilder> configureDelegate)
    {
        _hostConfiguration.Add(configureDelegate);
        return this;
    }

    /// <summary>The cluster, not started yet.</summary>
    public TestCluster Build() => new(this);

    internal void Configure(IConfigurationBuilder configuration)
    {
        configuration.AddInMemoryCollection(Properties);
        foreach (var configure in _hostConfiguration) configure(configuration);
    }
}
