using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansRecorder.Api.Configuration;
using OrleansRecorder.Api.Downloads;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Api.Events;
using OrleansRecorder.Api.Health;
using OrleansRecorder.Api.Nodes;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Reports;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Api.Scheduler;
using OrleansRecorder.Api.Tasks;
using OrleansRecorder.Api.Videos;

namespace OrleansRecorder.Api;

/// <summary>The REST API as a host sees it. It needs an <see cref="IClusterClient"/> in the host's services, and nothing else.</summary>
public static class RecorderApi
{
    /// <summary>Adds what the endpoints need. Settings come from the section <c>Api</c>, then from <paramref name="configure"/>.</summary>
    public static IServiceCollection AddRecorderApi(this IServiceCollection services, Action<ApiOptions>? configure = null)
    {
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddCors(CrossOrigin.Configure);
        services.AddApiDescription();

        services.AddSingleton<Cluster>();
        services.AddSingleton<NodeDirectory>();
        services.AddSingleton<Archives>();
        services.AddSingleton<OutstandingPieces>();
        services.AddSingleton<ArchiveFiles>();
        services.AddSingleton<OutputDirectory>();
        services.AddSingleton<CycleWatcher>();
        return services;
    }

    /// <summary>Puts the API's middleware and endpoints on the host.</summary>
    public static WebApplication MapRecorderApi(this WebApplication app)
    {
        app.UseMiddleware<ErrorAnswers>();
        app.UseCrossOrigin();
        app.UseApiDescription();
        app.UseRouting();

        app.MapVideos();
        app.MapReports();
        app.MapConfiguration();
        app.MapTasks();
        app.MapScheduler();
        app.MapNodes();
        app.MapEvents();
        app.MapHealth();
        return app;
    }
}
