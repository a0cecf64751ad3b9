using OrleansRecorder.Testing;

namespace OrleansRecorder.Database.Tests;

/// <summary>One PostgreSQL for all tests here; each test has a database of its own.</summary>
public sealed class FarmServer : IAsyncLifetime
{
    public PostgreSqlServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgreSqlServer.Create();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(nameof(FarmServer))]
public sealed class FarmServerCollection : ICollectionFixture<FarmServer>;
