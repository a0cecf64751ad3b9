using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Configures each silo of a test cluster; made by its parameterless constructor.</summary>
public interface ISiloConfigurator
{
    /// <summary>Called once a silo.</summary>
    void Configure(ISiloBuilder siloBuilder);
}

/// <summary>Configures each silo's host.</summary>
public interface IHostConfigurator
{
    /// <summary>Called once a silo.</summary>
    void Configure(IHostBuilder hostBuilder);
}

/// <summary>Configures the client of a test cluster.</summary>
public interface IClientBuilderConfigurator
{
    /// <summary>Called once.</summary>
    void Configure(IConfiguration configuration, IClientBuilder clientBuilder);
}
