using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>Says what a silo says of itself.</summary>
public static class SiloMetadataExtensions
{
    /// <summary>Other silos read it from <see cref="ISiloMetadataCache"/>.</summary>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder, Dictionary<string, string> metadata)
    {
        builder.Services.AddSingleton(new SiloMetadata { Metadata = metadata.ToImmutableDictionary() });
        builder.Services.AddSingleton<ISiloMetadataCache>(services => new SiloMetadataCache(services.GetService<SiloMetadata>(), services.GetRequiredService<Silo>()));
        return builder;
    }
}
