using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Nodes;

/// <summary>Lets the archive repair and measure what the media code wrote.</summary>
internal static class MediaRepair
{
    /// <inheritdoc cref="RecordingRepair"/>
    public static Task<RepairedRecording> Repair(string path, CancellationToken cancellation) => Task.Run(
        () => Mp4Recovery.Recover(path) is { HasKeyFrame: true } recovered ? new RepairedRecording(recovered.Duration) : RepairedRecording.Empty, cancellation);

    /// <inheritdoc cref="RecordingMeasure"/>
    public static TimeSpan? Measure(string path) => Mp4Recovery.Inspect(path) is { HasKeyFrame: true } recording ? recording.Duration : null;
}
