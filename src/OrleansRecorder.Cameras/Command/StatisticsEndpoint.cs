using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRecorder.Cameras.Command;

/// <summary>
/// Over HTTP: <c>GET /stats</c> shows the sessions, all together and by camera; <c>PUT /cameras/3/fault?fault=stall:8</c> breaks a camera,
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
        application.MapPut("/cameras/{number:int}/fault", (int number, string? fault) => SetFault(server, number, fault));
        await application.StartAsync();
        return new StatisticsEndpoint(application);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static object Statistics(CameraServer server) => new
    {
        playing = server.Sessions.Playing,
        most_at_once = server.Sessions.MostAtOnce,
        started = server.Sessions.Started,
        cameras = server.Cameras.Select(c => new
        {
            number = c.Number,
            url = c.Address,
            fault = c.Fault.ToString(),
            playing = c.Sessions.Playing,
            most_at_once = c.Sessions.MostAtOnce,
            started = c.Sessions.Started
        })
    };

    private static IResult SetFault(CameraServer server, int number, string? text)
    {
        if (server.Find(number) is not { } camera) return Results.Json(new { error = $"there is no camera {number}" }, statusCode: StatusCodes.Status404NotFound);
        if (!CameraFault.TryParse(text ?? "", out var fault, out var error)) return Results.Json(new { error }, statusCode: StatusCodes.Status400BadRequest);
        camera.Fault = fault;
        return Results.Json(new { number, fault = fault.ToString() });
    }
}
