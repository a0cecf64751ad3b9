using System.Buffers.Binary;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>Makes what stands in a JFIF file before the scan (RFC 2435, appendix B); made anew only when a field changes.</summary>
internal sealed class JpegFrameHeader
{
    private const int TableSize = 64;
    private const int WideTableSize = 128;
    private const int MostTables = 3;
    private readonly Dictionary<byte, (byte[] Tables, byte Precision)> _sent = [];
    private (byte Type, byte Q, int Width, int Height, ushort RestartInterval) _fields;
    private byte[] _data = [];

    /// <summary>The frame segment of a file's head or of a part of it (SOF, ITU-T T.81, B.2.2), its marker included; empty when it is not there.</summary>
    public static ReadOnlySpan<byte> FrameSegment(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (file[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) return end <= file.Length ? file[at..end] : [];
            if (end >= file.Length) break;
            at = end;
        }

        return [];
    }

    /// <summary>The bytes for a frame that begins with this piece; empty when its tables or its size were never told.</summary>
    /// <param name="header">Of the frame's first piece.</param>
    /// <param name="width">What is known if the piece does not say.</param>
    /// <param name="height">What is known if the piece does not say.</param>
    public ReadOnlySpan<byte> For(in JpegHeader header, int width, int height)
    {
        var fields = (header.Type, header.Q, header.Width > 0 ? header.Width : width, header.Height > 0 ? header.Height : height, header.RestartInterval);
        var hasNewTables = header.HasOwnTables && Learn(header);
        if (_data.Length > 0 && fields == _fields && !hasNewTables) return _data;
        _fields = fields;
        _data = [];
        if (fields.Item3 is <= 0 or > ushort.MaxValue || fields.Item4 is <= 0 or > ushort.MaxValue) return _data;
        if (!header.HasOwnTables) _data = Make(fields, JpegTables.Quantization(header.Q), precision: 0);
        else if (_sent.TryGetValue(header.Q, out var sent)) _data = Make(fields, sent.Tables, sent.Precision);
        return _data;
    }

    private bool Learn(in JpegHeader header)
    {
        if (header.Tables.Length < TableSize) return false;
        if (_sent.TryGetValue(header.Q, out var known) && known.Precision == header.Precision && header.Tables.SequenceEqual(known.Tables)) return false;
        _sent[header.Q] = (header.Tables.ToArray(), header.Precision);
        return true;
    }

    private static byte[] Make((byte Type, byte Q, int Width, int Height, ushort RestartInterval) fields, ReadOnlySpan<byte> tables, byte precision)
    {
        var data = new MemoryStream();
        data.Write([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        if (fields.RestartInterval > 0) data.Write([0xFF, 0xDD, 0, 4, (byte)(fields.RestartInterval >> 8), (byte)fields.RestartInterval]);
        var count = WriteTables(data, tables, precision);

        // One table is for all components, two are for brightness and colours, three for each.
        var blue = Math.Min(1, count - 1);
        var red = count - 1;
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)fields.Height);
        BinaryPrimitives.WriteUInt16BigEndian(size[2..], (ushort)fields.Width);
        data.Write([0xFF, 0xC0, 0, 17, 8, .. size, 3, 1, (fields.Type & 1) == 0 ? (byte)0x21 : (byte)0x22, 0, 2, 0x11, (byte)blue, 3, 0x11, (byte)red]);

        var huffman = JpegTables.Huffman;
        data.Write([0xFF, 0xC4, (byte)((huffman.Length + 2) >> 8), (byte)(huffman.Length + 2), .. huffman]);
        data.Write([0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
        return data.ToArray();
    }

    private static int WriteTables(MemoryStream data, ReadOnlySpan<byte> tables, byte precision)
    {
        var count = 0;
        for (; count < MostTables; count++)
        {
            var isWide = (precision & (1 << count)) != 0;
            var length = isWide ? WideTableSize : TableSize;
            if (tables.Length < length) break;
            data.Write([0xFF, 0xDB, 0, (byte)(3 + length), (byte)((isWide ? 0x10 : 0) | count), .. tables[..length]]);
            tables = tables[length..];
        }

        return Math.Max(1, count);
    }
}
