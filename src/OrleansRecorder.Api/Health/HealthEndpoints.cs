using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;

namespace OrleansRecorder.Api.Health;

/// <summary>For load balancers and supervisors.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => new HealthDocument("ok"))
            .WithTags("Health").WithSummary("The process answers; says nothing of the cluster.");
        routes.MapGet("/readyz", Ready)
            .WithTags("Health").WithSummary("The cluster answers within 2 s: requests can be served.").ProducesErrors();
    }

    private static async Task<HealthDocument> Ready(Cluster cluster, TimeProvider time)
    {
        await Task.WhenAll(cluster.Once(c => c.Config().Get()), cluster.Once(c => c.Cycle().GetSnapshot())).WaitAsync(ReadyWithin, time);
        return new HealthDocument("ready");
    }
}

/// <summary>How the process is.</summary>
/// <param name="Status"><c>ok</c> or <c>ready</c>.</param>
public sealed record HealthDocument(string Status);
