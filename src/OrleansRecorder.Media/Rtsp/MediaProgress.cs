namespace OrleansRecorder.Media.Rtsp;

/// <summary>How the recorded picture comes along, for the deadlines after PLAY. RTCP and other tracks do not count.</summary>
/// <param name="LastPacket">When its last RTP packet came; null before the first.</param>
/// <param name="HasKeyFrame">Whether a picture was delivered with which a file can begin.</param>
/// <param name="LastPicture">When the last whole picture was delivered; null before the first, and where nobody looks.</param>
internal readonly record struct MediaProgress(TimeSpan? LastPacket, bool HasKeyFrame, TimeSpan? LastPicture = null);
