using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Api;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Hosting;

/// <summary>The role <c>api</c>: a REST front end without state, a client of the farm. It serves from its first moment, 503 until a silo answers.</summary>
internal sealed partial class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeSpan _shutdownLimit;

    private ApiHost(WebApplication app, TimeSpan shutdownLimit)
    {
        _app = app;
        _shutdownLimit = shutdownLimit;
    }

    /// <summary>Checks what a start needs, listens, and returns when a silo has answered. Throws <see cref="StartupException"/> for what the user can mend.</summary>
    public static async Task<ApiHost> Start(ApiSettings settings, TimeProvider time, CancellationToken stop)
    {
        Surroundings.CheckPort("Api:Port", settings.Listen);
        await new FarmDatabase(settings.Farm, time).Check(stop);
        var search = new SiloSearch(settings.StartLimit, time);
        var app = Build(settings, search);
        try
        {
            LogStarting(app.Logger, HostParts.Engine, settings.Listen, settings.Farm.DatabaseName);
            await app.StartAsync(stop);
            LogStarted(app.Logger);
            return new ApiHost(app, settings.Farm.ShutdownLimit);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            if (e is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException }) throw Surroundings.CannotListen("Api:Port", settings.Listen, e);
            if (search.GaveUp is { } reason) throw reason;
            throw;
        }
    }

    /// <summary>Waits for SIGTERM, Ctrl+C or <paramref name="stop"/>.</summary>
    public Task WaitForShutdown(CancellationToken stop) => _app.Lifetime.WaitForShutdown(stop);

    /// <summary>Answers what has been asked, then ends, within the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_shutdownLimit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ApiSettings settings, SiloSearch search)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSecret(settings.Farm);
        builder.Logging.AddRecorderLog(settings.Farm.LogLevel);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Listen));
        builder.Services.LimitShutdown(settings.Farm.ShutdownLimit);
        // The client's start waits for a silo; meanwhile somebody must answer.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);

        builder.UseOrleansClient(client => client.JoinFarm(settings.Farm).UseConnectionRetryFilter(search.ShouldGoOn));
        builder.Services.AddRecorderApi(api =>
        {
            api.UnfinishedTime = settings.UnfinishedTime;
            api.MaxBodyBytes = settings.MaxBodyBytes;
        });

        var app = builder.Build();
        app.MapRecorderApi();
        app.Use((context, next) => IsConnected(app) || IsLiveness(context) ? next(context) : throw new SiloUnavailableException("No silo has answered since the start."));
        return app;
    }

    private static bool IsConnected(WebApplication app) => app.Lifetime.ApplicationStarted.IsCancellationRequested;

    private static bool IsLiveness(HttpContext context) => context.Request.Path == "/healthz";

    [LoggerMessage(1, LogLevel.Information, "Started on {Engine}, listening on {Endpoint}, looking for silos in database {Database}")]
    private static partial void LogStarting(ILogger logger, string engine, IPEndPoint endpoint, string database);

    [LoggerMessage(2, LogLevel.Information, "Connected to the farm")]
    private static partial void LogStarted(ILogger logger);
}
