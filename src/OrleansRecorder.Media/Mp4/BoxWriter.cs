using System.Buffers.Binary;

namespace OrleansRecorder.Media.Mp4;

/// <summary>Puts boxes together in memory (ISO 14496-12, 4.2): everything big endian, sizes filled in when a box ends.</summary>
internal sealed class BoxWriter
{
    private byte[] _bytes = new byte[512];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets everything, and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>Begins a box; <see cref="End"/> wants what this returns.</summary>
    public int Begin(ReadOnlySpan<byte> kind)
    {
        var at = Length;
        UInt32(0);
        Bytes(kind);
        return at;
    }

    /// <summary>Begins a box with a version and flags (ISO 14496-12, 4.2.2).</summary>
    public int Begin(ReadOnlySpan<byte> kind, byte version, uint flags)
    {
        var at = Begin(kind);
        UInt32(((uint)version << 24) | flags);
        return at;
    }

    /// <summary>Ends a box, of which some bytes may be written by somebody else, after these.</summary>
    public void End(int at, long elsewhere = 0) => Patch(at, checked((uint)(Length - at + elsewhere)));

    /// <summary>Writes over four bytes that are there.</summary>
    public void Patch(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(at, 4), value);

    /// <summary>Appends a byte.</summary>
    public void UInt8(int value) => Room(1)[0] = (byte)value;

    /// <summary>Appends 2 bytes.</summary>
    public void UInt16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Room(2), (ushort)value);

    /// <summary>Appends 4 bytes.</summary>
    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    /// <summary>Appends 8 bytes.</summary>
    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    /// <summary>Appends bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>Appends zeros.</summary>
    public void Zeros(int count) => Room(count).Clear();

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
