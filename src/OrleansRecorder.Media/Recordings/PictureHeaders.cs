using System.Buffers.Binary;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// What pictures of codecs without parameter sets say of their format: the frame segment of JPEG (ITU-T T.81, B.2.2), the video object layer of MPEG-4
/// (ISO 14496-2, 6.2.3). It is right where it and the description differ.
/// </summary>
internal static class PictureHeaders
{
    private const int FrameSize = 9;
    private const int LargestSide = 16384;
    private const uint ExtendedAspect = 15;

    /// <summary>The format with a header taken in; the same object when it says nothing new, or nothing that makes sense.</summary>
    public static VideoFormat Apply(VideoFormat format, ReadOnlySpan<byte> header)
    {
        var layer = format.Codec == "mpeg4" ? Layer(header) : [];
        var (width, height) = format.Codec switch { "mjpeg" => FrameSides(header), "mpeg4" => LayerSides(layer), _ => default };
        if (width is <= 0 or > LargestSide || height is <= 0 or > LargestSide) return format;
        var isKnown = layer.IsEmpty || format.Extradata.AsSpan().IndexOf(layer) >= 0;
        if (isKnown && (width, height) == (format.Width, format.Height)) return format;
        return format with { Width = width, Height = height, Extradata = isKnown ? format.Extradata : header.ToArray() };
    }

    private static (int Width, int Height) FrameSides(ReadOnlySpan<byte> segment) =>
        segment.Length < FrameSize ? default : (BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]));

    // From behind its start code, whose last byte is 0x20 to 0x2F, to the next one.
    private static ReadOnlySpan<byte> Layer(ReadOnlySpan<byte> headers)
    {
        while (headers.IndexOf((ReadOnlySpan<byte>)[0, 0, 1]) is var at and >= 0 && at + 3 < headers.Length)
        {
            var isLayer = headers[at + 3] >> 4 == 2;
            headers = headers[(at + 4)..];
            if (!isLayer) continue;
            var end = headers.IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
            return end < 0 ? headers : headers[..end];
        }

        return [];
    }

    private static (int Width, int Height) LayerSides(ReadOnlySpan<byte> layer)
    {
        var bits = new BitCursor(layer);
        bits.Skip(1 + 8);
        if (bits.Flag()) bits.Skip(4 + 3);
        if (bits.Bits(4) == ExtendedAspect) bits.Skip(8 + 8);
        if (bits.Flag())
        {
            bits.Skip(2 + 1);
            // The rates and the buffer of the decoder's model.
            if (bits.Flag()) bits.Skip(79);
        }

        var isRectangle = bits.Bits(2) == 0;
        bits.Skip(1);
        var resolution = bits.Bits(16);
        bits.Skip(1);
        if (bits.Flag()) bits.Skip(Math.Max(1, 32 - (int)uint.LeadingZeroCount(Math.Max(resolution, 1) - 1)));
        bits.Skip(1);
        var width = (int)bits.Bits(13);
        bits.Skip(1);
        var height = (int)bits.Bits(13);
        return isRectangle && !bits.IsPastEnd ? (width, height) : default;
    }
}
