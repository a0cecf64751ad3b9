namespace OrleansRecorder.Farm;

/// <summary>What <c>recorder farm</c> was told.</summary>
internal sealed record FarmOptions
{
    /// <summary>Recording nodes, 1 to 20.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>APIs, 1 to 20.</summary>
    public int Apis { get; init; } = 2;

    /// <summary>Simulated cameras, 1 to 500.</summary>
    public int Cameras { get; init; } = 20;

    /// <summary>Recordings in <c>node-1</c> and so on, logs in <c>logs</c>. Absolute.</summary>
    public required string Output { get; init; }

    /// <summary>The load balancer's port.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Ends by itself after this; null: with Ctrl+C.</summary>
    public TimeSpan? Duration { get; init; }
}
