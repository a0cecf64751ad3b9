using System.Collections.Immutable;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>What a silo says of itself.</summary>
[GenerateSerializer, Immutable]
public record SiloMetadata
{
    /// <summary>Nothing.</summary>
    public static SiloMetadata Empty { get; } = new();

    /// <summary>Name to value.</summary>
    [Id(0)] public ImmutableDictionary<string, string> Metadata { get; internal init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>What the silos say of themselves.</summary>
public interface ISiloMetadataCache
{
    /// <summary>Eventually right; <see cref="SiloMetadata.Empty"/> for an unknown silo.</summary>
    SiloMetadata GetSiloMetadata(SiloAddress siloAddress);
}
