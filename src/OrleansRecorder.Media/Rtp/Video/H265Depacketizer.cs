using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>H.265 (RFC 7798): single units, aggregation packets and fragments, with decoding order numbers where they are announced.</summary>
/// <param name="track">What the sink is told.</param>
/// <param name="output">The way to it.</param>
/// <param name="pool">Memory for pictures.</param>
/// <param name="hasOrderNumbers">sprop-max-don-diff is more than 0 (7.1).</param>
internal sealed class H265Depacketizer(MediaTrack track, TrackOutput output, ChunkPool pool, bool hasOrderNumbers) : NalDepacketizer(track, output, pool, other: "h264")
{
    private const int Aggregation = 48;
    private const int Fragment = 49;
    private readonly int _orderNumber = hasOrderNumbers ? 2 : 0;

    /// <inheritdoc/>
    protected override int LeastPayload => 3;

    /// <inheritdoc/>
    protected override void TakePayload(ReadOnlySpan<byte> payload, long time)
    {
        switch ((payload[0] >> 1) & 0x3F)
        {
            case Aggregation when (payload[0] & 1) == 0:
                TakeUnits(payload[2..], time);
                break;
            case Fragment:
                TakeFragment(payload, time);
                break;
            case 0 when payload.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) || payload.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]):
                // A whole picture as Annex B: what stands before the first start code is a unit that nobody needs.
                Builder.BeginUnit(0x7E, 1);
                Builder.Write(payload, time);
                Builder.EndUnit();
                break;
            default:
                if (payload.Length <= 2 + _orderNumber) return;
                LookForOther(payload);
                Builder.BeginUnit(payload[0], payload[1]);
                Builder.Write(payload[(2 + _orderNumber)..], time);
                Builder.EndUnit();
                break;
        }
    }

    private void TakeUnit(ReadOnlySpan<byte> unit, long time)
    {
        Builder.BeginUnit(unit[0], unit[1]);
        Builder.Write(unit[2..], time);
        Builder.EndUnit();
    }

    // Each behind its size in 2 bytes; before that its order: 2 bytes for the first, 1 for the others.
    private void TakeUnits(ReadOnlySpan<byte> units, long time)
    {
        for (var order = _orderNumber; units.Length >= order + 2; order = _orderNumber / 2)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(units[order..]);
            units = units[(order + 2)..];
            if (size > units.Length)
            {
                Builder.OnCutUnit(units, time);
                return;
            }

            if (size > 2) TakeUnit(units[..size], time);
            units = units[size..];
        }
    }

    private void TakeFragment(ReadOnlySpan<byte> payload, long time)
    {
        var first = (byte)((payload[0] & 0x81) | ((payload[2] & 0x3F) << 1));
        var isFirst = (payload[2] & 0x80) != 0;
        var data = payload[3..];
        if (isFirst)
        {
            Builder.BeginUnit(first, payload[1]);
            data = data.Length > _orderNumber ? data[_orderNumber..] : [];
        }
        else if (!Builder.HasOpenUnit)
        {
            Builder.OnStrayPiece(first, payload[1]);
        }

        Builder.Write(data, time);
        if ((payload[2] & 0x40) != 0) Builder.EndUnit();
    }
}
