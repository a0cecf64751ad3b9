using System.Buffers.Binary;

namespace OrleansRecorder.Media.Mp4;

/// <summary>A box that was read, without its head; what is read past its end is zero.</summary>
internal readonly ref struct Box(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _kind = kind;

    /// <summary>What comes behind its head.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Of a box that has one (ISO 14496-12, 4.2.2).</summary>
    public byte Version => Body.Length > 0 ? Body[0] : (byte)0;

    /// <summary>Of a box that has them.</summary>
    public uint Flags => UInt32(0) & 0xffffff;

    /// <summary>Whether it has this name.</summary>
    public bool Is(ReadOnlySpan<byte> kind) => _kind.SequenceEqual(kind);

    /// <summary>4 bytes.</summary>
    public uint UInt32(int at) => at >= 0 && at <= Body.Length - 4 ? BinaryPrimitives.ReadUInt32BigEndian(Body[at..]) : 0;

    /// <summary>8 bytes.</summary>
    public ulong UInt64(int at) => ((ulong)UInt32(at) << 32) | UInt32(at + 4);

    /// <summary>A four-letter name.</summary>
    public ReadOnlySpan<byte> Name(int at) => at >= 0 && at <= Body.Length - 4 ? Body.Slice(at, 4) : default;
}

/// <summary>Walks the boxes that lie in bytes; stops at the first that does not fit.</summary>
internal ref struct Boxes(ReadOnlySpan<byte> data)
{
    private const int HeadSize = 8;
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The box that <see cref="MoveNext"/> came to.</summary>
    public Box Current { get; private set; }

    /// <summary>So that <c>foreach</c> works.</summary>
    public readonly Boxes GetEnumerator() => this;

    /// <summary>Goes to the next box.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeadSize) return false;
        var size = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        if (size < HeadSize || size > _rest.Length) return false;
        Current = new Box(_rest.Slice(4, 4), _rest[HeadSize..(int)size]);
        _rest = _rest[(int)size..];
        return true;
    }

    /// <summary>The first box of a name; an empty one when there is none.</summary>
    public static Box Find(ReadOnlySpan<byte> data, ReadOnlySpan<byte> kind)
    {
        foreach (var box in new Boxes(data))
        {
            if (box.Is(kind)) return box;
        }

        return default;
    }
}
