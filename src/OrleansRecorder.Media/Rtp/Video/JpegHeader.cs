using System.Buffers.Binary;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>The fields before each piece of a JPEG frame (RFC 2435, 3.1).</summary>
internal readonly ref struct JpegHeader
{
    private const int MainSize = 8;
    private const int RestartSize = 4;
    private const int TablesSize = 4;
    private const int FirstQWithTables = 128;

    /// <summary>Where the piece belongs in the scan.</summary>
    public int Offset { get; private init; }

    /// <summary>0: 4:2:2; 1: 4:2:0; 64 more with restart markers.</summary>
    public byte Type { get; private init; }

    /// <summary>1 to 99: the tables are computed; from 128 on they are sent.</summary>
    public byte Q { get; private init; }

    /// <summary>Pixels; 0 when it is more than the field holds.</summary>
    public int Width { get; private init; }

    /// <summary>Pixels; 0 when it is more than the field holds.</summary>
    public int Height { get; private init; }

    /// <summary>Units between restart markers; 0: none.</summary>
    public ushort RestartInterval { get; private init; }

    /// <summary>Bit n is set when table n has 16-bit numbers.</summary>
    public byte Precision { get; private init; }

    /// <summary>The tables that came with it; empty: those sent before.</summary>
    public ReadOnlySpan<byte> Tables { get; private init; }

    /// <summary>A piece of the scan.</summary>
    public ReadOnlySpan<byte> Scan { get; private init; }

    /// <summary>Whether the tables are sent in the stream.</summary>
    public bool HasOwnTables => Q >= FirstQWithTables;

    /// <summary>Reads the fields. False when the payload is cut off or of a type that nobody has defined.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out JpegHeader header)
    {
        header = default;
        if (payload.Length < MainSize || (payload[4] & 0x3F) > 1 || payload[4] > 127 || payload[5] is 0 or (> 99 and < FirstQWithTables)) return false;
        var rest = payload[MainSize..];
        ushort interval = 0;
        if (payload[4] >= 64)
        {
            if (rest.Length < RestartSize) return false;
            interval = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[RestartSize..];
        }

        var offset = (payload[1] << 16) | (payload[2] << 8) | payload[3];
        byte precision = 0;
        ReadOnlySpan<byte> tables = [];
        if (payload[5] >= FirstQWithTables && offset == 0)
        {
            if (rest.Length < TablesSize) return false;
            precision = rest[1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[TablesSize..];
            if (length > rest.Length) return false;
            tables = rest[..length];
            rest = rest[length..];
        }

        header = new JpegHeader
        {
            Offset = offset,
            Type = payload[4],
            Q = payload[5],
            Width = payload[6] * 8,
            Height = payload[7] * 8,
            RestartInterval = interval,
            Precision = precision,
            Tables = tables,
            Scan = rest,
        };
        return true;
    }
}
