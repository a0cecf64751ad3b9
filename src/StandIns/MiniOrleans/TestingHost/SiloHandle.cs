using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>One silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Its address.</summary>
    public SiloAddress SiloAddress { get; internal init; } = SiloAddress.Zero;

    /// <summary>Where its clients would come.</summary>
    public SiloAddress GatewayAddress { get; internal init; } = SiloAddress.Zero;

    /// <summary>Neither stopped nor killed.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Ends it.</summary>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <summary>Ends it; abruptly when the token is cancelled.</summary>
    public abstract Task StopSiloAsync(CancellationToken ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A silo in the process of the tests.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private int _stopped;

    internal InProcessSiloHandle(IHost host) => SiloHost = host;

    /// <summary>Its host.</summary>
    public IHost SiloHost { get; }

    /// <summary>Its services.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <inheritdoc/>
    public override bool IsActive => _stopped == 0;

    /// <inheritdoc/>
    public override Task StopSiloAsync(bool stopGracefully) =>
        StopSiloAsync(stopGracefully ? CancellationToken.None : new CancellationToken(canceled: true));

    /// <inheritdoc/>
    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        try
        {
            await SiloHost.StopAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Asked for: the stop was to be abrupt, and the silo has declared itself dead.
        }
        finally
        {
            if (SiloHost is IAsyncDisposable host) await host.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: false).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
