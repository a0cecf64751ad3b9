namespace Orleans.TestingHost;

/// <summary>A test cluster's identity and size.</summary>
public class TestClusterOptions
{
    /// <summary>Default: unique.</summary>
    public string ClusterId { get; set; } = "test-" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>Default: unique.</summary>
    public string ServiceId { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>Silos at the start. Default: 2.</summary>
    public short InitialSilosCount { get; set; } = 2;

    /// <summary>A client is made at the start. Default: true.</summary>
    public bool InitializeClientOnDeploy { get; set; } = true;
}

/// <inheritdoc/>
public sealed class InProcessTestClusterOptions : TestClusterOptions;

/// <summary>What is special to one silo.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>Its name, Silo_0 and so on.</summary>
    public string SiloName { get; set; } = "";
}
