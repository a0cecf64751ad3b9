using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRecorder.Hosting;

/// <summary>
/// <c>/healthz</c> and <c>/readyz</c> of a process without an API, for probes. It answers before the silo has joined and until after it has left, so that
/// a slow start is not taken for a dead process.
/// </summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private readonly WebApplication? _application;

    private HealthServer(WebApplication? application) => _application = application;

    /// <summary>Starts it; port 0: no server. Throws <see cref="StartupException"/> when the port cannot be had.</summary>
    public static async Task<HealthServer> Start(IPEndPoint endpoint, Func<bool> isReady)
    {
        if (endpoint.Port == 0) return new HealthServer(null);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddRoutingCore();
        var application = builder.Build();
        application.UseRouting();
        application.MapGet("/healthz", () => Results.Json(new { status = "ok" }));
        application.MapGet("/readyz", () => isReady()
            ? Results.Json(new { status = "ready" })
            : Results.Json(new { status = "not ready" }, statusCode: StatusCodes.Status503ServiceUnavailable));
        try
        {
            await application.StartAsync();
            return new HealthServer(application);
        }
        catch (IOException e)
        {
            await application.DisposeAsync();
            throw Surroundings.CannotListen("Health:Port", endpoint, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;
}
