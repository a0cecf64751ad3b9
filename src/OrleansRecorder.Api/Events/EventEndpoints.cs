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
            .WithSummary("Changes as they happen: `task` (a task as /api/tasks shows it), `cycle` (as /api/scheduler/cycle), `node` (a node as /api/nodes shows it), `node_forgotten` (its name), `resync` (changes before this are unknown: read both again).")
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
            await Send(context, "retry: 2000\n\n"u8.ToArray(), end.Token);
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
        var next = listener.Announcements.WaitToReadAsync(end).AsTask();
        while (true)
        {
            try
            {
                await next.WaitAsync(Heartbeat, time, end);
            }
            catch (TimeoutException)
            {
                await Send(context, ": heartbeat\n\n"u8.ToArray(), end);
                continue;
            }

            while (listener.Announcements.TryRead(out var announcement))
            {
                if (listener.TakeOverrun()) await Send(context, Announcement.Overrun.Text(english), end);
                await Send(context, announcement.Text(english), end);
            }

            next = listener.Announcements.WaitToReadAsync(end).AsTask();
        }
    }

    private static async Task Send(HttpContext context, ReadOnlyMemory<byte> text, CancellationToken end)
    {
        await context.Response.Body.WriteAsync(text, end);
        await context.Response.Body.FlushAsync(end);
    }
}
