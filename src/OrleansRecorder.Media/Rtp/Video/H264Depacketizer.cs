using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>
/// H.264 (RFC 6184): single units, STAP-A and FU-A; the packets of the interleaved mode (STAP-B, MTAP, FU-B) too, in the order in which they come.
/// </summary>
internal sealed class H264Depacketizer(MediaTrack track, TrackOutput output, ChunkPool pool) : NalDepacketizer(track, output, pool, other: "hevc")
{
    private const int StapA = 24;
    private const int StapB = 25;
    private const int Mtap16 = 26;
    private const int Mtap24 = 27;
    private const int FuA = 28;
    private const int FuB = 29;
    private const int OrderNumberSize = 2;

    /// <inheritdoc/>
    protected override int LeastPayload => 1;

    /// <inheritdoc/>
    protected override void TakePayload(ReadOnlySpan<byte> payload, long time)
    {
        switch (payload[0] & 0x1F)
        {
            case StapA:
                TakeUnits(payload[1..], time, extra: 0);
                break;
            case StapB when payload.Length > OrderNumberSize:
                TakeUnits(payload[(1 + OrderNumberSize)..], time, extra: 0);
                break;
            case Mtap16 when payload.Length > OrderNumberSize:
                TakeUnits(payload[(1 + OrderNumberSize)..], time, extra: 3);
                break;
            case Mtap24 when payload.Length > OrderNumberSize:
                TakeUnits(payload[(1 + OrderNumberSize)..], time, extra: 4);
                break;
            case FuA when payload.Length >= 2:
                TakeFragment(payload[0], payload[1], payload[2..], time);
                break;
            case FuB when payload.Length >= 2 + OrderNumberSize:
                TakeFragment(payload[0], payload[1], payload[(2 + OrderNumberSize)..], time);
                break;
            case 0 when payload.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) || payload.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]):
                // A whole picture as Annex B: what stands before the first start code is an empty unit.
                Builder.BeginUnit(0, 0);
                Builder.Write(payload, time);
                Builder.EndUnit();
                break;
            default:
                TakeUnit(payload, time);
                break;
        }
    }

    private void TakeUnit(ReadOnlySpan<byte> unit, long time)
    {
        LookForOther(unit);
        Builder.BeginUnit(unit[0], 0);
        Builder.Write(unit[1..], time);
        Builder.EndUnit();
    }

    // Each behind its size in 2 bytes, and with an MTAP behind its order and the distance of its time.
    private void TakeUnits(ReadOnlySpan<byte> units, long time, int extra)
    {
        while (units.Length >= 2)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(units);
            units = units[2..];
            if (size == 0) continue;
            if (extra + size > units.Length)
            {
                Builder.OnCutUnit(units[Math.Min(extra, units.Length)..], time);
                return;
            }

            TakeUnit(units.Slice(extra, size), time);
            units = units[(extra + size)..];
        }
    }

    private void TakeFragment(byte indicator, byte header, ReadOnlySpan<byte> fragment, long time)
    {
        var first = (byte)((indicator & 0xE0) | (header & 0x1F));
        if ((header & 0x80) != 0) Builder.BeginUnit(first, 0);
        else if (!Builder.HasOpenUnit) Builder.OnStrayPiece(first, 0);
        Builder.Write(fragment, time);
        if ((header & 0x40) != 0) Builder.EndUnit();
    }
}
