using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp.Reception;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp;

/// <summary>A track's way to the sink.</summary>
internal sealed class TrackOutput(int index, IMediaSink sink, SenderClock clock)
{
    /// <summary>The track's number for the sink.</summary>
    public int Index => index;

    /// <summary>A key frame was delivered.</summary>
    public bool HasKeyFrame { get; private set; }

    /// <summary>When the packet came that ended the last whole picture, on the clock of <see cref="Arrival"/>; null before the first.</summary>
    public TimeSpan? LastPicture { get; private set; }

    /// <summary>False as soon as the sink wants no more.</summary>
    public bool IsWanted { get; private set; } = true;

    /// <summary>When the packet came that is being taken, since the connection began.</summary>
    public TimeSpan Arrival { get; set; }

    /// <summary>Delivers the picture between a position and the buffer's end.</summary>
    /// <param name="buffer">Where it lies.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="time">Presentation time in the track's clock.</param>
    /// <param name="isKey">See <see cref="AssembledPicture.IsKey"/>.</param>
    /// <param name="isRecoveryPoint">See <see cref="AssembledPicture.IsRecoveryPoint"/>.</param>
    /// <param name="parameterSets">See <see cref="AssembledPicture.ParameterSets"/>.</param>
    /// <param name="arrival">When its last packet came; null: just now.</param>
    public void Picture(MediaBuffer buffer, long start, long time, bool isKey, bool isRecoveryPoint, ReadOnlySpan<byte> parameterSets, TimeSpan? arrival = null)
    {
        if (!IsWanted)
        {
            buffer.Truncate(start);
            return;
        }

        LastPicture = Arrival;
        HasKeyFrame |= isKey || isRecoveryPoint;
        IsWanted = sink.OnPicture(new AssembledPicture
        {
            Track = index,
            Buffer = buffer,
            Start = start,
            Pts = time,
            Captured = clock.Captured(time),
            Age = Arrival - (arrival ?? Arrival),
            IsKey = isKey,
            IsRecoveryPoint = isRecoveryPoint,
            ParameterSets = parameterSets,
        });
    }

    /// <summary>Delivers sound.</summary>
    public void Sound(ReadOnlySpan<byte> data, long time)
    {
        if (!IsWanted || data.Length == 0) return;
        IsWanted = sink.OnPacket(new MediaPacket { Track = index, Pts = time, Dts = time, IsKey = true, Captured = clock.Captured(time), Data = data });
    }

    /// <summary>Tells of a parameter set that was left out.</summary>
    public void DamagedSet() => sink.OnDamagedSet(index);

    /// <summary>Tells of missing packets.</summary>
    public void Loss(int packets) => sink.OnLoss(index, packets);
}
