using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Audio;

/// <summary>Sound whose payloads are what a decoder takes: G.711, G.726 and L16 (RFC 3551, 4.5), Opus (RFC 7587).</summary>
internal sealed class SampleDepacketizer(MediaTrack track, TrackOutput output) : IDepacketizer
{
    /// <inheritdoc/>
    public MediaTrack Track => track;

    /// <inheritdoc/>
    public bool HasKeyFrame => true;

    /// <inheritdoc/>
    public bool HasOtherFormat => false;

    /// <inheritdoc/>
    public bool Take(in RtpPacket packet, long time)
    {
        output.Sound(packet.Payload, time);
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool OnLoss() => output.IsWanted;

    /// <inheritdoc/>
    public bool Flush() => output.IsWanted;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
