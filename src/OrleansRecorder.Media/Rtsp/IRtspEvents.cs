using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>Who takes what a dialogue brings. Called on the dialogue's thread, from inside its methods.</summary>
internal interface IRtspEvents
{
    /// <summary>Whether this media can be recorded; asked for each format of a description.</summary>
    bool Supports(MediaDescription media);

    /// <summary>Every track is set up, and PLAY goes out next: the moment to open a way through NATs and firewalls for UDP.</summary>
    void OnPrepared(IReadOnlyList<RtspTrack> tracks);

    /// <summary>PLAY was accepted. Packets follow, those that came before the reply first; until then UDP ports are not to be read.</summary>
    void OnPlaying(IReadOnlyList<RtspTrack> tracks);

    /// <summary>The server offers sound that is not among the tracks; comes after <see cref="OnPlaying"/>, before the first packet.</summary>
    void OnSoundLeftOut(LeftOutSound sound);

    /// <summary>A packet of a track, after <see cref="OnPlaying"/>. False when no more are wanted: the dialogue closes with <see cref="OrleansRecorder.Captures.CaptureCause.DurationReached"/>.</summary>
    /// <param name="track">Its place in the list of <see cref="OnPlaying"/>.</param>
    /// <param name="isControl">RTCP, told by its packet type (RFC 5761, 4), whatever channel or port it came on.</param>
    /// <param name="packet">Valid only during the call.</param>
    /// <param name="now">The moment that the bytes were handed in with.</param>
    bool OnPacket(int track, bool isControl, ReadOnlySpan<byte> packet, TimeSpan now);
}
