using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Serialization;

/// <summary>Writes one message's values. An object that was written before is written as a reference to it, so that identity survives.</summary>
internal sealed class WireWriter : IDisposable
{
    private readonly Dictionary<Type, int> _types = [];
    private Dictionary<object, int>? _objects;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256);

    public WireWriter(ExceptionSerializationOptions exceptions) => Exceptions = exceptions;

    public ExceptionSerializationOptions Exceptions { get; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public Span<byte> WrittenSpan => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Begins anew, in the same memory. For values without types and identity only.</summary>
    public void Clear() => Length = 0;

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    public void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Advance(4), value);
    }

    public void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Advance(8), value);
    }

    public void WriteUnsigned(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[Length++] = (byte)value;
    }

    public void WriteSigned(long value) => WriteUnsigned((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>The length plus one, then the bytes; 0 for null.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteByte(0);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        WriteUnsigned((ulong)bytes + 1);
        Encoding.UTF8.GetBytes(value, Advance(bytes));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteUnsigned((ulong)value.Length);
        value.CopyTo(Advance(value.Length));
    }

    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(Advance(value.Length));

    public void WriteType(Type type)
    {
        if (_types.TryGetValue(type, out var index))
        {
            WriteUnsigned((ulong)index + 1);
            return;
        }

        _types.Add(type, _types.Count);
        WriteByte(0);
        WriteString(WireTypes.NameOf(type));
    }

    /// <summary>True when the object was written before; then its number.</summary>
    public bool TryGetNumber(object value, out int number)
    {
        _objects ??= new(ReferenceEqualityComparer.Instance);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_objects, value, out var seen);
        if (!seen) known = _objects.Count - 1;
        number = known;
        return seen;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private Span<byte> Advance(int count)
    {
        Reserve(count);
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length >= count) return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max((long)_buffer.Length * 2, (long)Length + count)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
