using System.Buffers.Binary;
using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>A track's place in one session: what comes next, and the numbers that its packets carry.</summary>
internal sealed class TrackSender(RtpTrack track, byte channel, IPacketSink sink, Random random)
{
    private readonly uint _source = (uint)random.NextInt64(1, uint.MaxValue);
    private readonly uint _timestampBase = (uint)random.NextInt64(1, uint.MaxValue);
    private ushort _sequence = (ushort)random.Next(ushort.MaxValue);
    private uint _packets;
    private uint _octets;

    public RtpTrack Track => track;

    public IPacketSink Sink => sink;

    public uint Source => _source;

    /// <summary>The next packet's sequence number.</summary>
    public ushort Sequence => _sequence;

    /// <summary>The next unit, counted from the camera's start.</summary>
    public long Next { get; private set; }

    /// <summary>The next unit.</summary>
    public RtpUnit NextUnit => track.Units[Next % track.Units.Length];

    /// <summary>When it is due on the camera's clock.</summary>
    public long NextDue => track.DueOf(Next);

    /// <summary>Goes on at a moment of the camera's clock: with the first unit from there, or the first key frame.</summary>
    public void Seek(long due)
    {
        Next = track.IndexAt(due);
        while (!NextUnit.IsKey) Next++;
    }

    /// <summary>The RTP timestamp of a moment of the camera's clock.</summary>
    public uint TimestampAt(long due) => (uint)(_timestampBase + (ulong)(due / TimeSpan.TicksPerSecond * track.ClockRate)
        + (ulong)(due % TimeSpan.TicksPerSecond * track.ClockRate / TimeSpan.TicksPerSecond));

    /// <summary>Leaves the next unit out, as if it had never been.</summary>
    public void Skip() => Next++;

    /// <summary>Drops the next unit: its packets are missed by who counts.</summary>
    public void Drop()
    {
        _sequence += (ushort)NextUnit.Packets;
        Next++;
    }

    /// <summary>Writes the next unit's packets, but those that <paramref name="isLost"/>, and returns their length.</summary>
    public int Write(Span<byte> buffer, Func<bool>? isLost)
    {
        var unit = NextUnit;
        var timestamp = (uint)(_timestampBase + (ulong)track.TimestampOf(Next++));
        var (from, written) = (unit.Offset, 0);
        for (var i = 0; i < unit.Packets; i++)
        {
            var length = RtpTrackBuilder.FramingSize + BinaryPrimitives.ReadUInt16BigEndian(track.Data.AsSpan(from + 2));
            var sequence = _sequence++;
            if (isLost is null || !isLost())
            {
                var packet = buffer.Slice(written, length);
                track.Data.AsSpan(from, length).CopyTo(packet);
                packet[1] = channel;
                BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sequence);
                BinaryPrimitives.WriteUInt32BigEndian(packet[8..], timestamp);
                BinaryPrimitives.WriteUInt32BigEndian(packet[12..], _source);
                _packets++;
                _octets += (uint)(length - RtpTrackBuilder.FramingSize - RtpTrackBuilder.HeaderSize);
                written += length;
            }

            from += length;
        }

        return written;
    }

    /// <summary>Writes a sender report, framed as for TCP, and returns its length.</summary>
    public int WriteReport(Span<byte> buffer, DateTimeOffset now, long due)
    {
        buffer[0] = (byte)'$';
        buffer[1] = (byte)(channel + 1);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], SenderReport.Size);
        SenderReport.Write(buffer[RtpTrackBuilder.FramingSize..], _source, now, TimestampAt(due), _packets, _octets);
        return RtpTrackBuilder.FramingSize + SenderReport.Size;
    }
}
