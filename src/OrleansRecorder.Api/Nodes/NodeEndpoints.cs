using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Archive;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Nodes;

/// <summary>Shows the farm's nodes, drains them, and has dead ones forgotten.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup("/api/nodes").WithTags("Nodes");
        nodes.MapGet("", List)
            .WithSummary("The recording nodes that have been heard of, by name; dead ones stay until they are forgotten.").ProducesErrors();
        nodes.MapPost("/{name}/drain", (HttpContext context, Cluster cluster, string name) => Drain(context, cluster, Segment.Decode(name)))
            .WithSummary("The node takes no new captures; those that go on for longer than its grace period are handed over to other nodes at once.").ProducesErrors(404);
        nodes.MapPost("/{name}/undrain", (HttpContext context, Cluster cluster, string name) => Undrain(context, cluster, Segment.Decode(name)))
            .WithSummary("The node takes captures again.").ProducesErrors(404);
        nodes.MapDelete("/{name}", (HttpContext context, Cluster cluster, string name) => Forget(context, cluster, Segment.Decode(name)))
            .WithSummary("Forgets a dead node, so that lists no longer name it as unavailable. What is on its disk stays, and is listed again when the node comes back.")
            .ProducesErrors(404, 409);
    }

    private static async Task<NodeList> List(HttpContext context, Cluster cluster)
    {
        var nodes = await cluster.Idempotent(c => c.Cycle().GetNodes(), context.RequestAborted);
        var style = context.Style();
        return new NodeList(nodes.Length, [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => NodeDocument.From(node, style))]);
    }

    private static Task<NodeChanged> Drain(HttpContext context, Cluster cluster, string name) =>
        Change(context, cluster, name, node => node.Drain(), new LocalizedText("节点不再接收新任务", "the node takes no new captures"));

    private static Task<NodeChanged> Undrain(HttpContext context, Cluster cluster, string name) =>
        Change(context, cluster, name, node => node.Undrain(), new LocalizedText("节点恢复接收任务", "the node takes captures again"));

    // Both say how things shall be, so they may be said twice.
    private static async Task<NodeChanged> Change(HttpContext context, Cluster cluster, string name, Func<INodeGrain, Task<NodeReport>> change, LocalizedText done)
    {
        if ((await Find(context, cluster, name)).Condition == NodeCondition.Dead) throw new NodeUnavailableException(name);
        var report = await cluster.Idempotent(c => change(c.Node(name)), context.RequestAborted);
        var status = NodeDocument.StatusOf(report.IsDraining ? NodeCondition.Draining : NodeCondition.Active);
        return new NodeChanged(name, status, report.Captures.Length, context.Style().Message(done));
    }

    private static async Task<NodeForgotten> Forget(HttpContext context, Cluster cluster, string name)
    {
        await Find(context, cluster, name);
        return await cluster.Change(c => c.Cycle().ForgetNode(name))
            ? new NodeForgotten(name, context.Say("节点已移除", "the node was forgotten"))
            : throw new ApiException(StatusCodes.Status409Conflict, new LocalizedText($"节点仍在运行, 不能移除: {name}", $"the node is alive and cannot be forgotten: {name}"));
    }

    private static async Task<NodeStatus> Find(HttpContext context, Cluster cluster, string name) =>
        Array.Find(await cluster.Idempotent(c => c.Cycle().GetNodes(), context.RequestAborted), node => node.Name == name)
        ?? throw ApiException.NotFound($"没有这个节点: {name}", $"there is no such node: {name}");
}
