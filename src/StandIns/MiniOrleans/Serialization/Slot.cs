using System.Runtime.CompilerServices;

namespace Orleans.Serialization;

/// <summary>A place that is declared with a type: a member, an argument, an element. Knows null, derived types, and objects that were there before.</summary>
internal abstract class Slot
{
    public abstract void WriteBoxed(WireWriter writer, object? value);

    public abstract object? ReadBoxed(WireReader reader);
}

/// <inheritdoc/>
internal abstract class Slot<T> : Slot
{
    private static Slot<T>? _instance;

    /// <exception cref="CodecNotFoundException">The type cannot cross a call.</exception>
    public static Slot<T> Instance => _instance ??= Codecs.CreateSlot<T>();

    public abstract void Write(WireWriter writer, T value);

    public abstract T Read(WireReader reader);

    public sealed override void WriteBoxed(WireWriter writer, object? value) => Write(writer, (T)value!);

    public sealed override object? ReadBoxed(WireReader reader) => Read(reader);
}

/// <summary>Of a value type, whose content is all there is.</summary>
internal sealed class ValueSlot<T>(Codec<T> codec) : Slot<T>
{
    public override void Write(WireWriter writer, T value) => codec.Write(writer, value);

    public override T Read(WireReader reader) => codec.Read(reader, -1);
}

/// <summary>Of a string, which needs no identity.</summary>
internal sealed class StringSlot : Slot<string?>
{
    public override void Write(WireWriter writer, string? value) => writer.WriteString(value);

    public override string? Read(WireReader reader) => reader.ReadString();
}

/// <summary>Of a class or an interface.</summary>
internal sealed class ReferenceSlot<T> : Slot<T> where T : class
{
    private const byte Null = 0;
    private const byte Earlier = 1;
    private const byte Exact = 2;
    private const byte Other = 3;
    private const byte Reference = 4;
    private static readonly bool MayBeGrain = !typeof(T).IsSealed || typeof(IAddressable).IsAssignableFrom(typeof(T));
    private Codec<T>? _exact;

    private Codec<T> ExactCodec => _exact ??= (Codec<T>)Codecs.Body(typeof(T));

    public override void Write(WireWriter writer, T? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (value is null)
        {
            writer.WriteByte(Null);
        }
        else if (MayBeGrain && value is IAddressable grain)
        {
            writer.WriteByte(Reference);
            ReferenceFactory.Write(writer, grain, typeof(T));
        }
        else if (writer.TryGetNumber(value, out var number))
        {
            writer.WriteByte(Earlier);
            writer.WriteUnsigned((ulong)number);
        }
        else if (value.GetType() == typeof(T))
        {
            writer.WriteByte(Exact);
            ExactCodec.Write(writer, value);
        }
        else
        {
            var type = value.GetType();
            var codec = Codecs.Body(type, writer.Exceptions);
            writer.WriteByte(Other);
            writer.WriteType(type);
            codec.WriteObject(writer, value);
        }
    }

    public override T Read(WireReader reader)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (reader.ReadByte())
        {
            case Null: return null!;
            case Earlier: return (T)reader.ReadEarlierObject();
            case Exact: return Track(reader, reader.Reserve(), ExactCodec);
            case Other:
                var number = reader.Reserve();
                return Track(reader, number, Codecs.Body(reader.ReadType(), reader.Exceptions));
            case Reference: return (T)(object)reader.References.Read(reader);
            default: throw new InvalidDataException("The message is damaged.");
        }
    }

    private static T Track(WireReader reader, int number, Codec codec)
    {
        var value = codec is Codec<T> exact ? exact.Read(reader, number) : codec.ReadObject(reader, number);
        reader.Track(number, value!);
        return (T)value!;
    }
}
