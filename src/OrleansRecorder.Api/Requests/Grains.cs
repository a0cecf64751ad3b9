using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Requests;

/// <summary>The grains of which there is one.</summary>
internal static class Grains
{
    public static ICycleGrain Cycle(this IClusterClient cluster) => cluster.GetGrain<ICycleGrain>(ICycleGrain.Key);

    public static IConfigGrain Config(this IClusterClient cluster) => cluster.GetGrain<IConfigGrain>(IConfigGrain.Key);
}
