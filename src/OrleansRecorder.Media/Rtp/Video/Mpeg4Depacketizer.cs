using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>
/// MPEG-4 Part 2 (RFC 6416, 5): a picture is all from the headers before a VOP to the next headers or VOP. After a loss nothing comes until a picture that
/// stands alone.
/// </summary>
internal sealed class Mpeg4Depacketizer(MediaTrack track, TrackOutput output, ChunkPool pool) : IDepacketizer
{
    private const int LongestHeaders = 16 << 10;
    private const byte Vop = 0xB6;
    private const byte GroupOfVops = 0xB3;
    private readonly MediaBuffer _buffer = new(pool);
    private readonly ByteStore _headers = new();
    private bool _hasData;
    private bool _hasVop;
    private bool _isKey;
    private bool _waitsForKey;
    private long _start;
    private long _time;

    /// <inheritdoc/>
    public MediaTrack Track => track;

    /// <inheritdoc/>
    public bool HasKeyFrame => output.HasKeyFrame;

    /// <inheritdoc/>
    public bool HasOtherFormat => false;

    /// <inheritdoc/>
    public bool Take(in RtpPacket packet, long time)
    {
        var payload = packet.Payload;
        if (payload.Length == 0) return output.IsWanted;
        if (payload is [0, 0, 1, ..] && (_hasVop || !_hasData)) Begin();
        if (!_hasData) return output.IsWanted;
        if (!_hasVop) LookForVop(payload, time);
        if (_headers.Length > LongestHeaders || !PictureLimit.Allows(_buffer.End - _start + payload.Length, pool)) Damage();
        else _buffer.Append(payload);
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool OnLoss()
    {
        Damage();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool Flush()
    {
        Complete();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_hasData) _buffer.Truncate(_start);
        _hasData = false;
    }

    private void Begin()
    {
        Complete();
        _start = _buffer.End;
        _hasData = true;
        _headers.Truncate(0);
    }

    // vop_coding_type, the two bits after the start code, is 0 for a picture that stands alone (ISO 14496-2, 6.2.5).
    private void LookForVop(ReadOnlySpan<byte> payload, long time)
    {
        var at = payload.IndexOf((ReadOnlySpan<byte>)[0, 0, 1, Vop]);
        if (at < 0 || at + 4 >= payload.Length)
        {
            AddHeaders(payload);
            return;
        }

        AddHeaders(payload[..at]);
        _hasVop = true;
        _time = time;
        _isKey = payload[at + 4] >> 6 == 0;
    }

    private void AddHeaders(ReadOnlySpan<byte> data)
    {
        var group = data.IndexOf((ReadOnlySpan<byte>)[0, 0, 1, GroupOfVops]);
        _headers.Append(group < 0 ? data : data[..group]);
    }

    private void Complete()
    {
        if (!_hasData) return;
        var isWhole = _hasVop && (_isKey || !_waitsForKey);
        _hasData = _hasVop = false;
        if (!isWhole)
        {
            _buffer.Truncate(_start);
            return;
        }

        _waitsForKey = false;
        output.Picture(_buffer, _start, _time, _isKey, isRecoveryPoint: false, _headers.Data);
    }

    private void Damage()
    {
        if (_hasData) _buffer.Truncate(_start);
        _hasData = _hasVop = false;
        _headers.Truncate(0);
        _waitsForKey = true;
    }
}
