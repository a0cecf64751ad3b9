using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>Everything that a camera sends: video first, then its sound if it has any.</summary>
internal sealed record CameraClip(IReadOnlyList<RtpTrack> Tracks);
