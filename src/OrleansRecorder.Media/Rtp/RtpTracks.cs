using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp.Audio;
using OrleansRecorder.Media.Rtp.Reception;
using OrleansRecorder.Media.Rtp.Video;
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
    /// <param name="announced">The SSRC that the server said it would send with, if it did.</param>
    public static IRtpTrack? Create(MediaDescription media, int index, IMediaSink sink, ChunkPool pool, uint receiver, uint? announced = null)
    {
        if (media.ClockRate <= 0) return null;
        var clock = new SenderClock(media.ClockRate);
        var output = new TrackOutput(index, sink, clock);
        var depacketizer = media.Kind switch
        {
            "video" => VideoTracks.Create(media, output, pool),
            "audio" => AudioTracks.Create(media, output),
            _ => null,
        };
        return depacketizer is null ? null : new RtpTrack(media.PayloadType, media.ClockRate, receiver, pool, output, clock, depacketizer, announced);
    }
}
