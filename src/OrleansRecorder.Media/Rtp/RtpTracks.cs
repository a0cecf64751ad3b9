using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp;

/// <summary>Makes the track that suits a media of a session description.</summary>
internal static class RtpTracks
{
    /// <summary>A track for a media, or null when what it sends cannot be recorded.</summary>
    /// <param name="media">What the server said of it.</param>
    /// <param name="index">The track's number for the sink.</param>
    /// <param name="sink">Gets its pictures and sound.</param>
    /// <param name="pool">Gives the memory that pictures wait in.</param>
    /// <param name="receiver">Our SSRC in its receiver reports; any number, another one for each track.</param>
    public static IRtpTrack? Create(MediaDescription media, int index, IMediaSink sink, ChunkPool pool, uint receiver) => null;
}
