using OrleansRecorder.Testing;

namespace MiniOrleans.Processes.Tests;

/// <summary>One PostgreSQL for all tests; each test has a database of its own.</summary>
public sealed class Database : IAsyncLifetime
{
    public PostgreSqlServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgreSqlServer.Create();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [CollectionDefinition(nameof(Database))]
    public sealed class Collection : ICollectionFixture<Database>;
}
