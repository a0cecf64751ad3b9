using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;

namespace OrleansRecorder.Api.Events;

/// <summary>Changes as they happen, as server-sent events (WHATWG HTML, section 9.2).</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/events", Stream)
            .WithTags("Events")
            .WithSummary("Changes as they happen: `task` (a task as /api/tasks shows it), `cycle` (as /api/scheduler/cycle), `resync` (changes before this are unknown: read both again).")
            .ProducesEvents();

    private static async Task Stream(HttpContext context, CycleWatcher watcher, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var listener = watcher.Join();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await Send(context, "retry: 2000\nevent: resync\ndata: {\"reason\":\"connected\"}\n\n", end.Token);
            await Forward(context, listener, time, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has gone or the host stops: the stream ends here.
        }
    }

    private static async Task Forward(HttpContext context, Listener listener, TimeProvider time, CancellationToken end)
    {
        var english = context.Style().English;
        var next = listener.Changes.WaitToReadAsync(end).AsTask();
        while (true)
        {
            try
            {
                await next.WaitAsync(Heartbeat, time, end);
            }
            catch (TimeoutException)
            {
                await Send(context, ": heartbeat\n\n", end);
                continue;
            }

            while (listener.Changes.TryRead(out var change))
            {
                if (listener.TakeOverrun()) await Send(context, "event: resync\ndata: {\"reason\":\"overrun\"}\n\n", end);
                await context.Response.Body.WriteAsync(change.Text(english), end);
            }

            await context.Response.Body.FlushAsync(end);
            next = listener.Changes.WaitToReadAsync(end).AsTask();
        }
    }

    private static async Task Send(HttpContext context, string text, CancellationToken end)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), end);
        await context.Response.Body.FlushAsync(end);
    }
}
