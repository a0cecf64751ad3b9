using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Hosting;

/// <summary>What the hosts of all roles are put together from alike.</summary>
internal static class HostParts
{
    /// <summary>One line an event on the console: ours from <paramref name="level"/> on, others' warnings.</summary>
    public static void AddRecorderLog(this ILoggingBuilder logging, LogLevel level)
    {
        var others = level > LogLevel.Warning ? level : LogLevel.Warning;
        logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        }).SetMinimumLevel(level)
            .AddFilter("Microsoft", others).AddFilter("Orleans", others)
            .AddFilter("OrleansRecorder", level); // "Orleans" is a prefix of our own names too
    }

    /// <summary>What records on this node.</summary>
    public static void AddCaptureEngine(this IServiceCollection services) => services.AddSingleton<ICaptureEngine>(provider =>
        new CaptureEngine(TimeProvider.System, Random.Shared.NextDouble, provider.GetRequiredService<ILogger<CaptureEngine>>()));

    /// <summary>How long a stop may take in all.</summary>
    public static void LimitShutdown(this IServiceCollection services, TimeSpan limit) =>
        services.Configure<HostOptions>(host => host.ShutdownTimeout = limit);

    /// <summary>Which engine the grains run on, for the log.</summary>
    public static string Engine => typeof(IGrain).Assembly.GetName().Name!;

    /// <summary>Waits for SIGTERM, Ctrl+C or <paramref name="stop"/>.</summary>
    public static async Task WaitForShutdown(this IHostApplicationLifetime lifetime, CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // This is what was waited for.
        }
    }
}
