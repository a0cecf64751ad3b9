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

/// <summary>Listens for other silos and for clients: HTTP/2 without TLS, each connection one request whose two bodies carry frames both ways.</summary>
internal sealed class SiloListener : IAsyncDisposable
{
    /// <summary>Where silos connect.</summary>
    public const string SiloPath = "/orleans/silo";

    /// <summary>Where clients connect.</summary>
    public const string GatewayPath = "/orleans/gateway";

    private const int MaxConnections = 2000;

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);
    private readonly KestrelServer _server;

    private SiloListener(KestrelServer server) => _server = server;

    /// <summary>Null when there is nothing to listen for.</summary>
    /// <param name="silo">Whose endpoints.</param>
    /// <param name="acceptSilo">Serves a connection of another silo until it is over; null when silos do not meet on the network.</param>
    /// <exception cref="OrleansConfigurationException">There is no secret, and an address is not a loopback one.</exception>
    public static async Task<SiloListener?> Start(Silo silo, Func<Link, Task>? acceptSilo)
    {
        var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        var doors = new List<Door>();
        if (acceptSilo is not null) doors.Add(new(endpoints.SiloListeningEndpoint ?? silo.Address.Endpoint, SiloPath, acceptSilo));
        if (silo.Details.GatewayAddress.Endpoint.Port != 0)
            doors.Add(new(endpoints.GatewayListeningEndpoint ?? silo.Details.GatewayAddress.Endpoint, GatewayPath, link => new RemoteClient(silo, link).RunAsync()));
        if (doors.Count == 0) return null;
        Check(doors, silo.Services.GetRequiredService<ClusterSecret>());

        var logs = silo.Services.GetRequiredService<ILoggerFactory>();
        var server = new KestrelServer(
            Options.Create(ServerOptions(silo, doors)), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs), logs);
        await server.StartAsync(new Application(silo, doors), CancellationToken.None).ConfigureAwait(false);
        return new SiloListener(server);
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTime);
        await _server.StopAsync(timeout.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    private static void Check(List<Door> doors, ClusterSecret secret)
    {
        if (!secret.IsSet && doors.Find(door => !IPAddress.IsLoopback(door.Endpoint.Address)) is { } open)
            throw new OrleansConfigurationException($"Without a secret a silo listens on loopback only, not on {open.Endpoint}. Set Cluster:Secret, the same on all silos and clients, or a loopback address.");
    }

    private static KestrelServerOptions ServerOptions(Silo silo, List<Door> doors)
    {
        var options = new KestrelServerOptions { ApplicationServices = silo.Services, AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.Http2.MaxStreamsPerConnection = 1;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxResponseBufferSize = NetworkTimes.Window;
        options.Limits.Http2.InitialStreamWindowSize = NetworkTimes.Window;
        options.Limits.Http2.InitialConnectionWindowSize = NetworkTimes.Window;
        options.Limits.Http2.KeepAlivePingDelay = NetworkTimes.KeepAliveDelay;
        options.Limits.Http2.KeepAlivePingTimeout = NetworkTimes.KeepAliveTimeout;
        foreach (var door in doors) options.Listen(door.Endpoint, listen => listen.Protocols = HttpProtocols.Http2);
        return options;
    }

    /// <summary>An endpoint, and whom it is for.</summary>
    private sealed record Door(IPEndPoint Endpoint, string Path, Func<Link, Task> Serve);

    private sealed class Application(Silo silo, List<Door> doors) : IHttpApplication<HttpContext>
    {
        private readonly int _maxBodySize = silo.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.MaxMessageBodySize;

        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // Nothing is kept in it.
        }

        public async Task ProcessRequestAsync(HttpContext context)
        {
            var door = doors.Find(door => door.Endpoint.Port == context.Connection.LocalPort && context.Request.Path == door.Path);
            if (door is null || !HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            // The other side waits for the headers before it says anything.
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            var bounds = door.Path == SiloPath ? FrameBounds.Silo : FrameBounds.Client;
            var link = new Link(context.Request.Body, context.Response.Body, context.Response.CompleteAsync, silo.Caller.Wire, _maxBodySize, bounds);
            using var aborted = context.RequestAborted.UnsafeRegister(static link => ((Link)link!).Break("The connection was lost."), link);
            await door.Serve(link).ConfigureAwait(false);
            // What could not be written would keep the connection.
            if (link.Failure is not null) context.Abort();
        }
    }
}
