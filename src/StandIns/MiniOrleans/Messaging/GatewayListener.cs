using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Listens for clients of other processes: HTTP/2 without TLS on loopback, each client one request whose two bodies carry frames both ways.</summary>
internal sealed class GatewayListener : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);
    private readonly KestrelServer _server;

    private GatewayListener(KestrelServer server) => _server = server;

    /// <summary>Null when the silo has no gateway's port.</summary>
    /// <exception cref="OrleansConfigurationException">The address is not a loopback one.</exception>
    public static async Task<GatewayListener?> Start(Silo silo)
    {
        var endpoint = silo.Details.GatewayAddress.Endpoint;
        if (endpoint.Port == 0) return null;
        if (!IPAddress.IsLoopback(endpoint.Address)) throw new OrleansConfigurationException($"This engine's gateway listens on loopback only, not on {endpoint}. Set GatewayPort to 0, or the address to a loopback one.");

        var options = new KestrelServerOptions { ApplicationServices = silo.Services, AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.InitialStreamWindowSize = 1 << 20;
        options.Limits.Http2.InitialConnectionWindowSize = 1 << 20;
        options.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
        options.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http2);
        var logs = silo.Services.GetRequiredService<ILoggerFactory>();
        var server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs), logs);
        var maxBody = silo.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.MaxMessageBodySize;
        await server.StartAsync(new Application(silo, maxBody + RemoteClient.MaxOverhead), CancellationToken.None).ConfigureAwait(false);
        return new GatewayListener(server);
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTime);
        await _server.StopAsync(timeout.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    private sealed class Application(Silo silo, int maxFrameSize) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // Nothing is kept in it.
        }

        public async Task ProcessRequestAsync(HttpContext context)
        {
            if (context.Request.Path != RemoteClient.Path || !HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            // The client waits for the headers before it says anything.
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await using var frames = new FrameStream(context.Request.Body, context.Response.Body, maxFrameSize);
            await new RemoteClient(silo, frames).RunAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }
}
