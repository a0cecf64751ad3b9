using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;
using OrleansRecorder.Streams;

namespace OrleansRecorder;

/// <summary>Registration of a recording node.</summary>
public static class RecorderGrainsExtensions
{
    /// <summary>
    /// Adds the recorder's grains and this node's services to a silo. The host adds what they stand on: a capture engine, the default grain
    /// storage, reminders, and the options <c>ConfigOptions</c> and <c>NodeArchivesOptions</c> where the defaults will not do.
    /// </summary>
    public static ISiloBuilder AddRecorderGrains(this ISiloBuilder builder, Action<NodeOptions>? configure = null)
    {
        var node = new NodeOptions();
        configure?.Invoke(node);
        builder.Services.AddRecorderNode(configure);
        if (node.Name is { } name) builder.Configure<SiloOptions>(silo => silo.SiloName = name);
        var archive = node.Archive ?? node.Name;
        builder.UseSiloMetadata(archive is null ? [] : new Dictionary<string, string> { [ArchivePlacementDirector.MetadataKey] = archive });
        builder.AddPlacementDirector<ArchivePlacementStrategy, ArchivePlacementDirector>();
        builder.AddPlacementDirector<CapturePlacementStrategy, CapturePlacementDirector>();
        builder.AddPlacementDirector<NodePlacementStrategy, NodePlacementDirector>();
        builder.AddStartupTask<NodeStartup>();
        return builder;
    }

    private static void AddRecorderNode(this IServiceCollection services, Action<NodeOptions>? configure)
    {
        services.AddOptions<NodeOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        services.AddNodeArchives();
        services.TryAddSingleton<INodeTargets, NodeTargets>();
        services.TryAddSingleton<RecordingRepair>(MediaRepair.Repair);
        services.TryAddSingleton<RecordingMeasure>(MediaRepair.Measure);
        services.TryAddSingleton<NodeRecovery>();
        services.TryAddSingleton<NodeSpace>();
        services.TryAddSingleton<CaptureNode>();
        services.TryAddSingleton<CycleConfig>();
        services.TryAddSingleton<CycleArchives>();
        services.TryAddSingleton<CycleHandsFactory>();
        services.TryAddSingleton<CycleSuccessor>();
        services.AddSingleton<NodeReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeReporter>());
    }
}
