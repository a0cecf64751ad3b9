using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>Storage in memory, lost with the cluster.</summary>
public class MemoryGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <inheritdoc/>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
