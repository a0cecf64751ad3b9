using System.Text;
using System.Text.Json;
using OrleansRecorder.Api.Requests;

namespace OrleansRecorder.Api.Nodes;

/// <summary>The output directory that the archives are asked about, as the user wrote it.</summary>
internal sealed class OutputDirectory(IClusterClient cluster)
{
    /// <summary>What is configured now.</summary>
    public async Task<string> Get()
    {
        var current = await cluster.Config().Get();
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(current.Document));
        return document.RootElement.GetProperty("global_config").GetProperty("output_directory").GetString()!;
    }
}
