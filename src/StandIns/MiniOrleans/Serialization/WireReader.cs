using System.Buffers.Binary;
using System.Text;

namespace Orleans.Serialization;

/// <summary>Reads what <see cref="WireWriter"/> wrote. Anything that does not fit is an <see cref="InvalidDataException"/>, never a huge allocation.</summary>
internal sealed class WireReader(ReadOnlyMemory<byte> data, ReferenceFactory references, ExceptionSerializationOptions exceptions)
{
    private readonly List<Type> _types = [];
    private readonly List<object?> _objects = [];
    private int _position;

    public ReferenceFactory References { get; } = references;

    public ExceptionSerializationOptions Exceptions { get; } = exceptions;

    public int Remaining => data.Length - _position;

    public byte ReadByte() => Take(1)[0];

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ulong ReadUnsigned()
    {
        var span = data.Span;
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position >= span.Length) throw Truncated();
            var b = span[_position++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw new InvalidDataException("The message holds a number of more than 64 bits.");
    }

    public long ReadSigned()
    {
        var value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string? ReadString()
    {
        var length = ReadUnsigned();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(Length(length - 1)));
    }

    public byte[] ReadBytes() => Take(Length(ReadUnsigned())).ToArray();

    public ReadOnlySpan<byte> ReadRaw(int count) => Take(count);

    /// <summary>A number of elements, each of which takes a byte at least.</summary>
    public int ReadCount() => Length(ReadUnsigned());

    public Type ReadType()
    {
        var index = ReadUnsigned();
        if (index > 0) return index <= (ulong)_types.Count ? _types[(int)index - 1] : throw new InvalidDataException("The message names a type that it has not introduced.");
        var type = WireTypes.Find(ReadString() ?? "");
        _types.Add(type);
        return type;
    }

    /// <summary>A place for an object that is about to be read, in the order in which the writer numbered them.</summary>
    public int Reserve()
    {
        _objects.Add(null);
        return _objects.Count - 1;
    }

    /// <summary>Called as soon as the object exists, before its members are read: they may point back to it.</summary>
    public void Track(int number, object value) => _objects[number] = value;

    public object ReadEarlierObject()
    {
        var number = ReadUnsigned();
        return number < (ulong)_objects.Count && _objects[(int)number] is { } value
            ? value
            : throw new InvalidDataException("The message points to an object that it does not hold.");
    }

    private static InvalidDataException Truncated() => new("The message is truncated.");

    private int Length(ulong value) => value <= (ulong)Remaining ? (int)value : throw Truncated();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining) throw Truncated();
        var span = data.Span.Slice(_position, count);
        _position += count;
        return span;
    }
}
