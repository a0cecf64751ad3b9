using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>Everything that a camera sends: video first, then its sound if it has any.</summary>
internal sealed record CameraClip(IReadOnlyList<RtpTrack> Tracks)
{
    /// <summary>The same pictures in another size, unit for unit, or null.</summary>
    public RtpTrack? Resized { get; init; }
}
