using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>What H.264 and H.265 have in common: payloads are NAL units, whole, several or in pieces, and a <see cref="PictureBuilder"/> makes pictures of them.</summary>
/// <param name="track">What the sink is told.</param>
/// <param name="output">The way to it.</param>
/// <param name="pool">Memory for pictures.</param>
/// <param name="other">The codec that a camera may have been switched to.</param>
internal abstract class NalDepacketizer(MediaTrack track, TrackOutput output, ChunkPool pool, string other) : IDepacketizer
{
    private readonly ForeignFormat _foreign = new(other);

    /// <inheritdoc/>
    public MediaTrack Track => track;

    /// <inheritdoc/>
    public bool HasKeyFrame => output.HasKeyFrame;

    /// <inheritdoc/>
    public bool HasOtherFormat => _foreign.IsSure;

    /// <summary>Puts the pictures together.</summary>
    protected PictureBuilder Builder { get; } = new(new NalSyntax(track.Codec), output, pool, track.ClockRate);

    /// <summary>Payloads of fewer bytes say nothing.</summary>
    protected abstract int LeastPayload { get; }

    /// <inheritdoc/>
    public bool Take(in RtpPacket packet, long time)
    {
        if (packet.Payload.Length >= LeastPayload)
        {
            TakePayload(packet.Payload, time);
            Builder.EndPacket(packet.Marker);
        }

        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool OnLoss()
    {
        Builder.OnLoss();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool Flush()
    {
        Builder.Flush();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public void Dispose() => Builder.Dispose();

    /// <summary>Takes what a packet holds.</summary>
    protected abstract void TakePayload(ReadOnlySpan<byte> payload, long time);

    /// <summary>Looks for the other codec in a unit that came alone.</summary>
    protected void LookForOther(ReadOnlySpan<byte> unit) => _foreign.Look(unit);
}
