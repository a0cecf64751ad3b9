namespace OrleansRecorder.Media.Rtsp;

/// <summary>A media that was set up.</summary>
/// <param name="Index">From 0, its place among the tracks of the session.</param>
/// <param name="Media">What it holds.</param>
/// <param name="Transport">How it comes, as the server answered.</param>
/// <param name="IsRecorded">False for media that were set up only because the server sends nothing without them.</param>
internal sealed record RtspTrack(int Index, MediaDescription Media, TrackTransport Transport, bool IsRecorded);
