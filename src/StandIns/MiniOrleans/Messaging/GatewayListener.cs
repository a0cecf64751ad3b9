namespace Orleans.Runtime;

internal sealed class GatewayListener : IAsyncDisposable
{
    public static Task<GatewayListener?> Start(Silo silo) => Task.FromResult<GatewayListener?>(null);

    public ValueTask DisposeAsync() => default;
}
