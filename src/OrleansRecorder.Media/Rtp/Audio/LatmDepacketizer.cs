using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Audio;

/// <summary>AAC in LATM (RFC 6416, 6): the element's configuration stands in the description, or in the elements themselves.</summary>
/// <param name="track">What the sink is told.</param>
/// <param name="output">The way to it.</param>
/// <param name="configuration">From the description; null when it is in the elements.</param>
/// <param name="isInBand">Each element says whether a configuration follows (cpresent=1).</param>
/// <param name="duration">Of a frame, in the units of the track's clock.</param>
internal sealed class LatmDepacketizer(MediaTrack track, TrackOutput output, StreamMuxConfig? configuration, bool isInBand, int duration) : IDepacketizer
{
    private const int LongestElement = 1 << 18;
    private readonly ByteStore _element = new();
    private readonly byte[] _frame = new byte[1 << 13];
    private StreamMuxConfig? _configuration = configuration;
    private long _time;
    private bool _isDamaged;

    /// <inheritdoc/>
    public MediaTrack Track => track;

    /// <inheritdoc/>
    public bool HasKeyFrame => true;

    /// <inheritdoc/>
    public bool HasOtherFormat { get; private set; }

    /// <inheritdoc/>
    public bool Take(in RtpPacket packet, long time)
    {
        // An element may go on in packets with its time; the marker ends it.
        if (_element.Length > 0 && time != _time) EndElement();
        _time = time;
        if (_element.Length + packet.Payload.Length > LongestElement) _isDamaged = true;
        else _element.Append(packet.Payload);
        if (packet.Marker) EndElement();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool OnLoss()
    {
        // Whether what comes next is the rest of an element, nobody can tell before its end.
        _element.Truncate(0);
        _isDamaged = true;
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool Flush()
    {
        EndElement();
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void EndElement()
    {
        if (!_isDamaged) TakeElements(_element.Data);
        _element.Truncate(0);
        _isDamaged = false;
    }

    private void TakeElements(ReadOnlySpan<byte> data)
    {
        for (var time = _time; data.Length > 0;)
        {
            var bits = new BitCursor(data);
            if (isInBand && !bits.Flag() && !Configure(ref bits)) return;
            if (_configuration is not { } format) return;
            for (var i = 0; i < format.SubFrames; i++, time += duration)
            {
                if (!TakeFrame(data, ref bits, format, time)) return;
            }

            bits.Skip(format.OtherDataBits);
            data = bits.IsPastEnd ? [] : data[((bits.Position + 7) / 8)..];
        }
    }

    private bool TakeFrame(ReadOnlySpan<byte> data, ref BitCursor bits, StreamMuxConfig format, long time)
    {
        var length = format.FixedLength;
        if (length == 0)
        {
            uint part;
            do
            {
                part = bits.Bits(8);
                length += (int)part;
            }
            while (part == 255 && length < _frame.Length);
        }

        if (length > _frame.Length || bits.Position + (length * 8L) > data.Length * 8L) return false;
        if (bits.Position % 8 == 0)
        {
            output.Sound(data.Slice(bits.Position / 8, length), time);
        }
        else
        {
            bits.CopyTo(bits.Position, length * 8, _frame);
            output.Sound(_frame.AsSpan(0, length), time);
        }

        bits.Skip(length * 8);
        return true;
    }

    // The sink was told a format before the first element came; one that contradicts it needs a new session.
    private bool Configure(ref BitCursor bits)
    {
        var start = bits.Position;
        var before = _configuration;
        var found = StreamMuxConfig.Read(ref bits);
        if (found is null || bits.Position == start) return false;
        if (!found.Configuration.AsSpan().SequenceEqual(track.Extradata.Span) && found.Sound.CoreRate != track.SampleRate && found.Sound.Rate != track.SampleRate)
        {
            HasOtherFormat = before is not null;
            return false;
        }

        _configuration = found;
        return true;
    }
}
