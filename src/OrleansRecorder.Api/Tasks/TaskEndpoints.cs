using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Tasks;

/// <summary>The tasks of the current (or last) cycle.</summary>
internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/api/tasks").WithTags("Tasks");
        tasks.MapGet("", List)
            .WithSummary("The tasks of the current (or last) cycle, its counts and its plan.").ProducesErrors();
        tasks.MapGet("/status", Status)
            .WithSummary("The same without count and plan; fresh to within one second.").ProducesErrors();
    }

    private static async Task<TaskList> List(HttpContext context, Cluster cluster) => TaskList.From(await cluster.Idempotent(c => c.Cycle().GetSnapshot(), context.RequestAborted), context.Style());

    private static async Task<TaskStatusList> Status(HttpContext context, Cluster cluster) =>
        TaskStatusList.From(await cluster.Idempotent(c => c.Cycle().GetSnapshot(), context.RequestAborted), context.Style());
}
