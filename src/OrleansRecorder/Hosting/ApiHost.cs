using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Api;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Hosting;

/// <summary>The role <c>api</c>: a REST front end without state, a client of the farm. It serves from its first moment, 503 until a silo answers.</summary>
internal sealed partial class ApiHost : IAsyncDisposable
{
    // An API that is started anew beside others listens only when it can serve, so that a load balancer goes by; alone it had better say that the farm is away.
    private static readonly TimeSpan QuietSearch = TimeSpan.FromSeconds(5);

    private readonly ApiSettings _settings;
    private readonly SiloSearch _search;
    private readonly IHost _client;
    private readonly Task _connecting;
    private readonly WebApplication _app;

    private ApiHost(ApiSettings settings, SiloSearch search, IHost client, CancellationToken stop)
    {
        _settings = settings;
        _search = search;
        _client = client;
        _connecting = client.StartAsync(stop);
        _app = Build(settings, client, () => _connecting.IsCompletedSuccessfully);
    }

    /// <summary>Checks what a start needs, and listens. Throws <see cref="StartupException"/> for what the user can mend.</summary>
    public static async Task<ApiHost> Start(ApiSettings settings, TimeProvider time, CancellationToken stop)
    {
        Surroundings.CheckPort("Api:Port", settings.Listen);
        await new DatabaseCheck(settings.Farm, time).Check(stop);
        var search = new SiloSearch(settings.StartLimit, time);
        var host = new ApiHost(settings, search, BuildClient(settings.Farm, search), stop);
        try
        {
            await Task.WhenAny(host._connecting, Task.Delay(QuietSearch, time, stop));
            if (host._connecting.IsCompleted) await host.Connected();
            await host._app.StartAsync(stop);
            LogStarted(host._app.Logger, HostParts.Engine, settings.Listen, settings.Farm.DatabaseName);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync();
            if (e is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException }) throw Surroundings.CannotListen("Api:Port", settings.Listen, e);
            throw;
        }
    }

    /// <summary>Waits for SIGTERM, Ctrl+C or <paramref name="stop"/>. Throws <see cref="StartupException"/> when no silo answers within the limit of the start.</summary>
    public async Task WaitForShutdown(CancellationToken stop)
    {
        var over = _app.Lifetime.WaitForShutdown(stop);
        if (await Task.WhenAny(over, _connecting) == _connecting)
        {
            await Connected();
            LogConnected(_app.Logger);
        }

        await over;
    }

    /// <summary>Answers what has been asked, then ends, within the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_settings.Farm.ShutdownLimit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        await _client.StopAsync(limit.Token);
        _client.Dispose();
    }

    private async Task Connected()
    {
        try
        {
            await _connecting;
        }
        catch (Exception e) when (_search.GaveUp is { } reason)
        {
            throw new StartupException(reason, e);
        }
    }

    // A host of its own: its start waits for a silo, and meanwhile somebody must answer.
    private static IHost BuildClient(FarmSettings farm, SiloSearch search)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSecret(farm);
        builder.Logging.AddRecorderLog(farm.LogLevel);
        // The web application hears the signals, and ends first.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleansClient(client => client.JoinFarm(farm).UseConnectionRetryFilter(search.ShouldGoOn));
        return builder.Build();
    }

    private static WebApplication Build(ApiSettings settings, IHost client, Func<bool> isConnected)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddRecorderLog(settings.Farm.LogLevel);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Listen));
        builder.Services.LimitShutdown(settings.Farm.ShutdownLimit);
        builder.Services.AddSingleton(_ => client.Services.GetRequiredService<IClusterClient>());
        builder.Services.AddRecorderApi(api =>
        {
            api.UnfinishedTime = settings.UnfinishedTime;
            api.MaxBodyBytes = settings.MaxBodyBytes;
        });

        var app = builder.Build();
        app.MapRecorderApi();
        app.Use((context, next) => isConnected() || IsLiveness(context) ? next(context) : throw new SiloUnavailableException("No silo has answered since the start."));
        return app;
    }

    private static bool IsLiveness(HttpContext context) => context.Request.Path == "/healthz";

    [LoggerMessage(1, LogLevel.Information, "Started on {Engine}, listening on {Endpoint}, silos by database {Database}")]
    private static partial void LogStarted(ILogger logger, string engine, IPEndPoint endpoint, string database);

    [LoggerMessage(2, LogLevel.Information, "Connected to the farm")]
    private static partial void LogConnected(ILogger logger);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
