using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRecorder.Cameras.Command;

/// <summary>
/// Over HTTP: <c>GET /stats</c> counts the sessions, all together and by camera; <c>GET /stats/sessions</c> lists them; <c>POST /stats/reset</c> counts anew;
/// <c>PUT /cameras/3/fault?fault=stall:8</c> breaks a camera,
/// <c>fault=none</c> mends it.
/// </summary>
internal sealed class StatisticsEndpoint : IAsyncDisposable
{
    private readonly WebApplication _application;

    private StatisticsEndpoint(WebApplication application) => _application = application;

    /// <summary>Where it listens.</summary>
    public string Address => _application.Urls.First();

    /// <summary>Starts it. Throws <see cref="IOException"/> when the port is taken.</summary>
    public static async Task<StatisticsEndpoint> Start(CameraServer server, IPAddress listen, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(listen, port));
        builder.Services.AddRoutingCore();
        var application = builder.Build();
        application.UseRouting();
        application.MapGet("/stats", () => Results.Json(Statistics(server)));
        application.MapGet("/stats/sessions", () => Results.Json(Sessions(server)));
        application.MapPost("/stats/reset", () => Reset(server));
        application.MapPut("/cameras/{number:int}/fault", (int number, string? fault) => SetFault(server, number, fault));
        await application.StartAsync();
        return new StatisticsEndpoint(application);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static object Statistics(CameraServer server)
    {
        var read = server.ReadStatistics();
        return new
        {
            playing = read.All.SinceStart.Playing,
            most_at_once = read.All.SinceStart.MostAtOnce,
            started = read.All.SinceStart.Started,
            since_reset = new { at = read.ResetAt, most_at_once = read.All.SinceReset.MostAtOnce, started = read.All.SinceReset.Started },
            cameras = server.Cameras.Select(camera =>
            {
                var tally = read.Cameras.GetValueOrDefault(camera.Number, SessionTally.None);
                return new
                {
                    number = camera.Number,
                    url = camera.Address,
                    fault = camera.Fault.ToString(),
                    playing = tally.SinceStart.Playing,
                    most_at_once = tally.SinceStart.MostAtOnce,
                    started = tally.SinceStart.Started,
                    since_reset = new { most_at_once = tally.SinceReset.MostAtOnce, started = tally.SinceReset.Started }
                };
            })
        };
    }

    private static object Sessions(CameraServer server)
    {
        var read = server.ReadStatistics();
        return new
        {
            since = read.ResetAt,
            forgotten = read.Forgotten,
            sessions = read.Sessions.Select(s => new { camera = s.Camera, client = s.Client, started_at = s.StartedAt, ended_at = s.EndedAt, reason = s.Reason })
        };
    }

    private static IResult Reset(CameraServer server)
    {
        server.ResetStatistics();
        return Results.NoContent();
    }

    private static IResult SetFault(CameraServer server, int number, string? text)
    {
        if (server.Find(number) is not { } camera) return Results.Json(new { error = $"there is no camera {number}" }, statusCode: StatusCodes.Status404NotFound);
        if (!CameraFault.TryParse(text ?? "", out var fault, out var error)) return Results.Json(new { error }, statusCode: StatusCodes.Status400BadRequest);
        camera.Fault = fault;
        return Results.Json(new { number, fault = fault.ToString() });
    }
}
