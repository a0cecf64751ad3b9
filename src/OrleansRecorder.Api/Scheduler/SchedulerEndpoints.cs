using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Scheduler;

/// <summary>Starts, stops and shows the scheduler.</summary>
internal static class SchedulerEndpoints
{
    public static void MapScheduler(this IEndpointRouteBuilder routes)
    {
        var scheduler = routes.MapGroup("/api/scheduler").WithTags("Scheduler");
        scheduler.MapGet("/status", Status)
            .WithSummary("Whether the scheduler runs, and the counts of its current (or last) cycle.").ProducesErrors();
        scheduler.MapGet("/cycle", Cycle)
            .WithSummary("How far the current (or last) cycle is, and what is being recorded.").ProducesErrors();
        scheduler.MapPost("/start", Start)
            .WithSummary("Starts the scheduler.").ProducesErrors(409);
        scheduler.MapPost("/stop", Stop)
            .WithSummary("Stops the scheduler within 3 s, keeps what was recorded and writes the reports.").ProducesErrors(409);
    }

    private static async Task<SchedulerStatus> Status(HttpContext context, Cluster cluster) =>
        SchedulerStatus.From(await cluster.Idempotent(c => c.Cycle().GetSnapshot(), context.RequestAborted), context.Style());

    private static async Task<CycleDocument> Cycle(HttpContext context, Cluster cluster) =>
        CycleDocument.From(await cluster.Idempotent(c => c.Cycle().GetSnapshot(), context.RequestAborted), context.Style());

    private static async Task<SchedulerChanged> Start(HttpContext context, Cluster cluster) => await cluster.Change(c => c.Cycle().Start())
        ? new SchedulerChanged(context.Say("调度器启动成功", "the scheduler was started"), IsRunning: true)
        : throw new ApiException(StatusCodes.Status409Conflict, new LocalizedText("调度器已经在运行中", "the scheduler is running already"));

    private static async Task<SchedulerChanged> Stop(HttpContext context, Cluster cluster) => await cluster.Change(c => c.Cycle().Stop())
        ? new SchedulerChanged(context.Say("调度器停止成功", "the scheduler was stopped"), IsRunning: false)
        : throw new ApiException(StatusCodes.Status409Conflict, new LocalizedText("调度器未在运行", "the scheduler is not running"));
}
