using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>One PostgreSQL for the tests that need a database each, and no server to kill.</summary>
public sealed class FarmServer : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public PostgreSqlServer Server { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Server = await PostgreSqlServer.Create();

    /// <inheritdoc/>
    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}
