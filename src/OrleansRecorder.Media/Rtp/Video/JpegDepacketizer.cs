using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>Motion JPEG (RFC 2435): each frame becomes a JFIF file. A damaged frame is left out; the next one stands alone.</summary>
internal sealed class JpegDepacketizer(MediaTrack track, TrackOutput output, ChunkPool pool) : IDepacketizer
{
    private static readonly byte[] EndOfImage = [0xFF, 0xD9];
    private readonly MediaBuffer _buffer = new(pool);
    private readonly JpegFrameHeader _header = new();
    private readonly ByteStore _frameSegment = new();
    private bool _hasFrame;
    private long _start;
    private long _scanStart;
    private long _time;
    private bool _markersLie;
    private int _deliveredScan;

    /// <inheritdoc/>
    public MediaTrack Track => track;

    /// <inheritdoc/>
    public bool HasKeyFrame => output.HasKeyFrame;

    /// <inheritdoc/>
    public bool HasOtherFormat => false;

    /// <inheritdoc/>
    public bool Take(in RtpPacket packet, long time)
    {
        if (!JpegHeader.TryRead(packet.Payload, out var header)) return output.IsWanted;
        if (header.Offset == 0) Begin(header, time);
        else if (!_hasFrame || header.Offset != _buffer.End - _scanStart) OnMisfit(header, time);
        if (!_hasFrame) return output.IsWanted;
        if (!PictureLimit.Allows(_buffer.End - _start + header.Scan.Length, pool))
        {
            Drop();
            return output.IsWanted;
        }

        _buffer.Append(header.Scan);
        if (packet.Marker && !_markersLie) Complete();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool OnLoss()
    {
        Drop();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool Flush()
    {
        Complete();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public void Dispose() => Drop();

    private void Begin(in JpegHeader header, long time)
    {
        Complete();
        _start = _buffer.End;
        _time = time;
        _deliveredScan = 0;
        // Some send the file as it is.
        var isBare = header.Scan is [0xFF, 0xD8, ..];
        var head = isBare ? header.Scan : _header.For(header, track.Width, track.Height);
        if (head.Length == 0) return;
        if (!isBare) _buffer.Append(head);
        _frameSegment.Truncate(0);
        _frameSegment.Append(JpegFrameHeader.FrameSegment(head));
        _scanStart = _buffer.End;
        _hasFrame = true;
    }

    private void OnMisfit(in JpegHeader header, long time)
    {
        // A frame that was over by its marker goes on.
        if (!_hasFrame && time == _time && header.Offset == _deliveredScan) _markersLie = true;
        Drop();
    }

    private void Complete()
    {
        if (!_hasFrame) return;
        var length = _buffer.End - _start;
        Span<byte> end = stackalloc byte[2];
        _deliveredScan = (int)(_buffer.End - _scanStart);
        if (_deliveredScan < 2)
        {
            Drop();
            return;
        }

        _hasFrame = false;
        _buffer.CopyTo(_start + length - 2, end);
        if (!end.SequenceEqual(EndOfImage)) _buffer.Append(EndOfImage);
        output.Picture(_buffer, _start, _time, isKey: true, isRecoveryPoint: false, _frameSegment.Data);
    }

    private void Drop()
    {
        if (_hasFrame) _buffer.Truncate(_start);
        _hasFrame = false;
    }
}
