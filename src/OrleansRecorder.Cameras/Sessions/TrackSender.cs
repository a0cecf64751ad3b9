using System.Buffers.Binary;
using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>A track's place in one session: what comes next, and the numbers that its packets carry.</summary>
internal sealed class TrackSender(RtpTrack track, byte channel, IPacketSink sink, Random random, CameraQuirks quirks)
{
    private readonly TrackClock _clock = new(track, quirks.Timestamps, random);
    private RtpTrack _track = track;
    private uint _source = (uint)random.NextInt64(1, uint.MaxValue);
    private ushort _sequence = (ushort)random.Next(ushort.MaxValue);
    private uint _lastTimestamp;
    private uint _packets;
    private uint _octets;
    private bool _hasSent;

    public RtpTrack Track => _track;

    public IPacketSink Sink => sink;

    public bool IsVideo { get; } = track.Media == "video";

    public uint Source => _source;

    /// <summary>The next packet's sequence number.</summary>
    public ushort Sequence => _sequence;

    /// <summary>The next unit, counted from the camera's start.</summary>
    public long Next { get; private set; }

    /// <summary>The next unit's place in the clip.</summary>
    public int NextInClip => (int)(Next % _track.Units.Length);

    /// <summary>The next unit.</summary>
    public RtpUnit NextUnit => _track.Units[NextInClip];

    /// <summary>When it is due on the camera's clock.</summary>
    public long NextDue => _track.DueOf(Next);

    /// <summary>Goes on at a moment of the camera's clock: with the first unit from there, or the first key frame.</summary>
    public void Seek(long due)
    {
        Next = _track.IndexAt(due);
        while (!NextUnit.IsKey) Next++;
    }

    /// <summary>Begins to play at <see cref="NextDue"/>: faults that come some time later count from here.</summary>
    public void Begin()
    {
        _clock.Begin(_track.DueOf(Next));
        if (IsVideo && quirks.Packets.SequenceWrapsAfter is { } packets) _sequence = (ushort)-packets;
    }

    /// <summary>Goes on with another track of the same units.</summary>
    public void ChangeTo(RtpTrack other) => _track = other;

    /// <summary>The RTP timestamp of a moment of the camera's clock.</summary>
    public uint TimestampAt(long due) => _clock.At(due);

    /// <summary>Leaves the next unit out, as if it had never been.</summary>
    public void Skip() => Next++;

    /// <summary>Drops the next unit: its packets are missed by who counts.</summary>
    public void Drop()
    {
        _sequence += (ushort)NextUnit.Packets;
        Next++;
    }

    /// <summary>Writes the next unit's packets, but those that <paramref name="isLost"/>, and returns their length.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="isLost">Asked for each packet, or null.</param>
    /// <param name="isWhole">Whether none was lost.</param>
    public int Write(Span<byte> buffer, Func<bool>? isLost, out bool isWhole)
    {
        var unit = NextUnit;
        if (IsVideo && unit.IsKey && quirks.Packets.ChangesSource && _hasSent) ChangeSource();
        _hasSent = true;
        var lost = LostPacket(unit);
        var timestamp = _clock.Of(_track.TimestampOf(Next), unit, NextInClip);
        Next++;
        var (from, written) = (unit.Offset, 0);
        isWhole = true;
        for (var i = 0; i < unit.Packets; i++)
        {
            var length = RtpTrackBuilder.FramingSize + BinaryPrimitives.ReadUInt16BigEndian(_track.Data.AsSpan(from + 2));
            var sequence = _sequence++;
            if (i != lost && (isLost is null || !isLost()))
            {
                var packet = buffer.Slice(written, length);
                _track.Data.AsSpan(from, length).CopyTo(packet);
                var isOld = quirks.Timestamps.AgesParameterSets && IsVideo && unit.IsKey && i == 0;
                Complete(packet, sequence, isOld ? _lastTimestamp : timestamp, isOld);
                _packets++;
                _octets += (uint)(length - RtpTrackBuilder.FramingSize - RtpTrackBuilder.HeaderSize);
                written += length;
            }
            else
            {
                isWhole = false;
            }

            from += length;
        }

        _lastTimestamp = timestamp;
        return written;
    }

    /// <summary>Writes a sender report, framed as for TCP, and returns its length.</summary>
    public int WriteReport(Span<byte> buffer, DateTimeOffset now, long due)
    {
        var style = quirks.Timestamps.Reports;
        if (style == ReportStyle.Absent) return 0;
        buffer[0] = (byte)'$';
        buffer[1] = (byte)(channel + 1);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], SenderReport.Size);
        SenderReport.Write(buffer[RtpTrackBuilder.FramingSize..], _source, WallClock(style, now), TimestampAt(due), _packets, _octets);
        return RtpTrackBuilder.FramingSize + SenderReport.Size;
    }

    private DateTimeOffset WallClock(ReportStyle style, DateTimeOffset now) => style switch
    {
        ReportStyle.Zero => SenderReport.NtpEpoch,
        ReportStyle.Epoch => DateTimeOffset.UnixEpoch.AddTicks(now.Ticks % TimeSpan.TicksPerDay),
        ReportStyle.OffForSound when !IsVideo => now.AddHours(1),
        _ => now
    };

    private void Complete(Span<byte> packet, ushort sequence, uint timestamp, bool isOld)
    {
        packet[1] = channel;
        var marks = isOld || quirks.Packets.Marker == MarkerStyle.Always;
        if (IsVideo && marks) packet[5] |= 0x80;
        else if (IsVideo && quirks.Packets.Marker == MarkerStyle.Never) packet[5] &= 0x7F;
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], _source);
    }

    private void ChangeSource()
    {
        _source = (uint)random.NextInt64(1, uint.MaxValue);
        if (quirks.Packets.RestartsSequence) _sequence = (ushort)random.Next(ushort.MaxValue);
    }

    // The one in the middle: of a frame in many packets that is always part of a fragmented unit.
    private int LostPacket(RtpUnit unit) => IsVideo && quirks.Packets.LosesPacketEvery is { } every && NextInClip % every == every - 1 && unit.Packets >= 3 ? unit.Packets / 2 : -1;
}
