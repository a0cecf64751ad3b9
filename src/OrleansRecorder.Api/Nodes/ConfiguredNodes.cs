using Microsoft.Extensions.Options;

namespace OrleansRecorder.Api.Nodes;

/// <summary>The nodes that <see cref="ApiOptions.NodeNames"/> lists.</summary>
internal sealed class ConfiguredNodes(IOptions<ApiOptions> options) : INodeDirectory
{
    public ValueTask<string[]> GetNames(CancellationToken cancellation) => new(options.Value.NodeNames);
}
