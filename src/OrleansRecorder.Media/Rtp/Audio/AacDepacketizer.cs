using System.Buffers.Binary;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Audio;

/// <summary>AAC (RFC 3640): several units a packet, units in several packets, and ADTS frames, which some cameras send under this name.</summary>
/// <param name="track">What the sink is told.</param>
/// <param name="output">The way to it.</param>
/// <param name="format">The headers before the units.</param>
/// <param name="duration">Of a unit, in the units of the track's clock.</param>
internal sealed class AacDepacketizer(MediaTrack track, TrackOutput output, AuHeaderFormat format, int duration) : IDepacketizer
{
    private const int LongestUnit = 1 << 16;
    private const int AdtsHeader = 7;
    private readonly ByteStore _fragments = new();
    private (uint Size, long Time) _fragmented;

    /// <inheritdoc/>
    public MediaTrack Track => track;

    /// <inheritdoc/>
    public bool HasKeyFrame => true;

    /// <inheritdoc/>
    public bool HasOtherFormat => false;

    /// <inheritdoc/>
    public bool Take(in RtpPacket packet, long time)
    {
        var payload = packet.Payload;
        if (payload.Length == 0) return output.IsWanted;
        if (IsAdts(payload, out _)) TakeAdts(payload, time);
        else if (format.Size == 0) TakeUnsized(payload, time);
        else TakeUnits(payload, packet.Marker, time);
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool OnLoss()
    {
        _fragments.Truncate(0);
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool Flush() => output.IsWanted;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // ISO 14496-3, 1.A.2.2: sync word, layer 0. As a size of headers in bits it would be too large for any packet.
    private static bool IsAdts(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        if (data.Length < AdtsHeader || data[0] != 0xFF || (data[1] & 0xF6) != 0xF0) return false;
        length = ((data[3] & 3) << 11) | (data[4] << 3) | (data[5] >> 5);
        return length > AdtsHeader;
    }

    private void TakeAdts(ReadOnlySpan<byte> data, long time)
    {
        for (; IsAdts(data, out var length) && length <= data.Length; time += duration)
        {
            Deliver(data[..length], time);
            data = data[length..];
        }
    }

    private void TakeUnsized(ReadOnlySpan<byte> payload, long time)
    {
        var size = format.ConstantSize > 0 && format.ConstantSize < payload.Length ? format.ConstantSize : payload.Length;
        for (; payload.Length >= size; time += duration)
        {
            Deliver(payload[..size], time);
            payload = payload[size..];
            if (payload.Length == 0) return;
        }
    }

    private void TakeUnits(ReadOnlySpan<byte> payload, bool marker, long time)
    {
        if (payload.Length < 2) return;
        var bits = BinaryPrimitives.ReadUInt16BigEndian(payload);
        var headerSize = 2 + ((bits + 7) / 8);
        if (headerSize > payload.Length) return;
        var headers = new BitCursor(payload[2..headerSize]);
        var units = payload[headerSize..];
        for (var isFirst = true; headers.Position + format.Size <= bits && units.Length > 0; isFirst = false, time += duration)
        {
            var size = format.Read(ref headers, isFirst);
            if (size > units.Length)
            {
                if (isFirst) TakeFragment(units, size, marker, time);
                return;
            }

            if (isFirst) _fragments.Truncate(0);
            Deliver(units[..(int)size], time);
            units = units[(int)size..];
        }
    }

    // Each fragment has the size of the whole unit in its header, and its time (3.2.3.1).
    private void TakeFragment(ReadOnlySpan<byte> fragment, uint size, bool marker, long time)
    {
        if (_fragmented != (size, time)) _fragments.Truncate(0);
        _fragmented = (size, time);
        if (size > LongestUnit) return;
        _fragments.Append(fragment);
        if (_fragments.Length >= size) Deliver(_fragments.Data[..(int)size], time);
        if (_fragments.Length >= size || marker) _fragments.Truncate(0);
    }

    private void Deliver(ReadOnlySpan<byte> unit, long time)
    {
        if (IsAdts(unit, out var length) && length == unit.Length) unit = unit[Math.Min((unit[1] & 1) != 0 ? AdtsHeader : AdtsHeader + 2, unit.Length)..];
        output.Sound(unit, time);
    }
}
