namespace OrleansRecorder.Cameras.Rtp;

/// <summary>What is sent at one moment: a video frame's packets, or a piece of sound.</summary>
/// <param name="Offset">Where its packets begin in <see cref="RtpTrack.Data"/>.</param>
/// <param name="Length">Bytes of its packets, TCP framing included.</param>
/// <param name="Packets">Their number.</param>
/// <param name="Timestamp">RTP timestamp from the start of the clip.</param>
/// <param name="Due">The same in <see cref="TimeSpan"/> ticks.</param>
/// <param name="IsKey">Whether decoding can start here.</param>
internal readonly record struct RtpUnit(int Offset, int Length, int Packets, long Timestamp, long Due, bool IsKey);
