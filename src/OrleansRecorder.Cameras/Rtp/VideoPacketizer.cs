using System.Buffers.Binary;
using OrleansRecorder.Cameras.Clips;

namespace OrleansRecorder.Cameras.Rtp;

/// <summary>Turns a byte stream (Annex B) into RTP packets: RFC 6184 for H.264, RFC 7798 for H.265.</summary>
internal sealed class VideoPacketizer
{
    private const int ClockRate = 90_000;

    // ITU-T H.264: an access unit delimiter for any slices (7.3.2.4), and supplemental information of somebody's own (D.1.7) that says nothing.
    private static readonly byte[] Delimiter = [9, 0xF0];
    private static readonly byte[] Supplement = [6, 5, 17, .. new byte[16], 1, 0x80];

    private readonly NalSyntax _syntax;
    private readonly ClipFormat _format;
    private readonly Packetization _how;
    private readonly RtpTrackBuilder _builder;
    private readonly List<byte[]> _parameterSets = [];

    private VideoPacketizer(ClipFormat format, Packetization how, int bytes)
    {
        _syntax = format.Codec == VideoCodec.H264 ? NalSyntax.H264 : NalSyntax.H265;
        _format = format;
        _how = how;
        _builder = new RtpTrackBuilder(how.PayloadType, ClockRate, bytes + (bytes / 32), how.HasHeaderExtension);
    }

    /// <summary>Packetizes a clip; throws <see cref="InvalidDataException"/> when it is not what its format says.</summary>
    public static RtpTrack Packetize(ReadOnlySpan<byte> stream, ClipFormat format, Packetization how) =>
        format.Codec == VideoCodec.Mjpeg ? JpegPacketizer.Packetize(stream, format, how) : new VideoPacketizer(format, how, stream.Length).Packetize(stream);

    private RtpTrack Packetize(ReadOnlySpan<byte> stream)
    {
        var frames = 0;
        var (picture, pending) = (new List<Range>(), new List<Range>());
        var position = 0;
        while (NextNal(stream, ref position, out var range))
        {
            var nal = stream[range];
            if (nal.Length <= _syntax.HeaderSize) continue;
            if (_syntax.IsSlice(nal) && _syntax.BeginsPicture(nal))
            {
                if (picture.Count > 0) AddPicture(stream, picture, frames++);
                (picture, pending) = (pending, picture);
                pending.Clear();
                picture.Add(range);
            }
            else if (_syntax.IsSlice(nal))
            {
                picture.Add(range);
            }
            else if (_syntax.IsParameterSet(nal))
            {
                // What stands between two pictures belongs to the second one. Anything else (SEI, delimiters) nobody needs.
                pending.Add(range);
            }
        }

        if (picture.Count > 0) AddPicture(stream, picture, frames++);
        if (frames != _format.FrameCount || !_builder.Units[0].IsKey || _parameterSets.Count == 0)
            throw new InvalidDataException($"the clip has {frames} frames instead of {_format.FrameCount}, or does not begin with a key frame");

        return new RtpTrack
        {
            Media = "video",
            PayloadType = _how.PayloadType,
            RtpMap = $"{(_format.Codec == VideoCodec.H264 ? "H264" : "H265")}/{ClockRate}",
            FormatParameters = _how.HidesParameterSets ? _syntax.PlainFormatParameters : _syntax.FormatParameters(_parameterSets),
            ClockRate = ClockRate,
            Seconds = _format.Seconds,
            FrameRate = _format.FrameRate,
            Data = _builder.Data,
            Units = _builder.Units
        };
    }

    private void AddPicture(ReadOnlySpan<byte> stream, List<Range> nals, int index)
    {
        var isKey = false;
        foreach (var range in nals) isKey |= _syntax.IsSlice(stream[range]) && _syntax.IsKey(stream[range]);
        // Pictures are sent in the order of decoding, evenly, with the times at which they are to be seen.
        _builder.BeginUnit(_format.TimeOf(_format.FrameDecodedAt(index)), isKey, _format.TimeOf(index));
        var hasDelimiters = _how.HasDelimiters && _format.Codec == VideoCodec.H264;
        if (hasDelimiters) _builder.AddPacket([], Delimiter, marker: false);

        var first = 0;
        while (first < nals.Count && _syntax.IsParameterSet(stream[nals[first]])) first++;
        if (first > 0) AddParameterSets(stream, nals, first);
        if (hasDelimiters) _builder.AddPacket([], Supplement, marker: false);
        for (var i = first; i < nals.Count; i++) AddNal(stream[nals[i]], i == nals.Count - 1);
    }

    // Parameter sets are a few dozen bytes: together they always fit one packet.
    private void AddParameterSets(ReadOnlySpan<byte> stream, List<Range> nals, int count)
    {
        using var body = new MemoryStream();
        var areFirst = _parameterSets.Count == 0;
        Span<byte> length = stackalloc byte[2];
        foreach (var range in nals.Take(count))
        {
            var nal = stream[range];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)nal.Length);
            body.Write(length);
            body.Write(nal);
            if (areFirst) _parameterSets.Add(nal.ToArray());
        }

        if (!_how.OmitsParameterSets) _builder.AddPacket(_syntax.AggregationHeader, body.ToArray(), marker: false);
    }

    private void AddNal(ReadOnlySpan<byte> nal, bool isLastOfPicture)
    {
        if (nal.Length <= _how.Size)
        {
            _builder.AddPacket([], nal, isLastOfPicture);
            return;
        }

        Span<byte> header = stackalloc byte[_syntax.HeaderSize + 1];
        var body = nal[_syntax.HeaderSize..];
        var room = _how.Size - header.Length;
        for (var at = 0; at < body.Length; at += room)
        {
            var part = body[at..Math.Min(at + room, body.Length)];
            var isLast = at + part.Length == body.Length;
            _syntax.WriteFragmentHeader(header, nal, at == 0, isLast);
            _builder.AddPacket(header, part, isLast && isLastOfPicture);
        }
    }

    // A NAL unit lies between two start codes (00 00 01); zeros before a start code are padding.
    private static bool NextNal(ReadOnlySpan<byte> stream, ref int position, out Range nal)
    {
        ReadOnlySpan<byte> startCode = [0, 0, 1];
        nal = default;
        var start = stream[position..].IndexOf(startCode);
        if (start < 0) return false;
        start += position + startCode.Length;
        var length = stream[start..].IndexOf(startCode);
        position = length < 0 ? stream.Length : start + length;
        var end = position;
        while (end > start && stream[end - 1] == 0) end--;
        nal = start..end;
        return true;
    }
}
