using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>All animals of the zoo.</summary>
internal static class ZooTable
{
    /// <summary>In the order of docs/design/camera-zoo.md.</summary>
    public static IReadOnlyList<ZooCase> All { get; } =
        [.. SignallingCases.All, .. StreamCases.All, .. FailureCases.All, .. OutageCases.All, .. CodecCases.All, .. ClockCases.All, .. MoreSignallingCases.All, .. CombinationCases.All, .. GStreamerCases.All];
}
