using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Api.Requests;

namespace OrleansRecorder.Api.Nodes;

/// <summary>The output directory that the archives are asked about, as the user wrote it: what is configured now, or was when the cluster last said it.</summary>
internal sealed class OutputDirectory(Cluster cluster, TimeProvider time, ILogger<OutputDirectory> logger)
{
    private readonly LastKnown<string> _directory = new("the output directory", () => Read(cluster), freshFor: TimeSpan.Zero, time, logger);

    /// <summary>As configured.</summary>
    public async ValueTask<string> Get(CancellationToken cancellation) => (await _directory.Get(cancellation)).Value;

    private static async Task<string> Read(Cluster cluster)
    {
        var current = await cluster.Idempotent(c => c.Config().Get());
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(current.Document));
        return document.RootElement.GetProperty("global_config").GetProperty("output_directory").GetString()!;
    }
}
