using System.Net;
using System.Numerics;

namespace Orleans.Serialization;

/// <summary>Codecs of simple types.</summary>
internal static class BuiltInCodecs
{
    public static Dictionary<Type, Codec> All { get; } = Build();

    private static Dictionary<Type, Codec> Build()
    {
        var all = new Dictionary<Type, Codec>();
        Add<bool>(all, (w, v) => w.WriteByte(v ? (byte)1 : (byte)0), r => r.ReadByte() != 0);
        Add<byte>(all, (w, v) => w.WriteByte(v), r => r.ReadByte());
        Add<sbyte>(all, (w, v) => w.WriteByte((byte)v), r => (sbyte)r.ReadByte());
        Add<short>(all, (w, v) => w.WriteSigned(v), r => (short)r.ReadSigned());
        Add<ushort>(all, (w, v) => w.WriteUnsigned(v), r => (ushort)r.ReadUnsigned());
        Add<char>(all, (w, v) => w.WriteUnsigned(v), r => (char)r.ReadUnsigned());
        Add<int>(all, (w, v) => w.WriteSigned(v), r => (int)r.ReadSigned());
        Add<uint>(all, (w, v) => w.WriteUnsigned(v), r => (uint)r.ReadUnsigned());
        Add<long>(all, (w, v) => w.WriteSigned(v), r => r.ReadSigned());
        Add<ulong>(all, (w, v) => w.WriteUnsigned(v), r => r.ReadUnsigned());
        Add<float>(all, (w, v) => w.WriteFixed32(BitConverter.SingleToUInt32Bits(v)), r => BitConverter.UInt32BitsToSingle(r.ReadFixed32()));
        Add<double>(all, (w, v) => w.WriteFixed64(BitConverter.DoubleToUInt64Bits(v)), r => BitConverter.UInt64BitsToDouble(r.ReadFixed64()));
        Add<decimal>(all, WriteDecimal, ReadDecimal);
        Add<DateTime>(all, (w, v) => w.WriteFixed64((ulong)v.ToBinary()), r => DateTime.FromBinary((long)r.ReadFixed64()));
        Add<DateTimeOffset>(all, WriteMoment, ReadMoment);
        Add<TimeSpan>(all, (w, v) => w.WriteSigned(v.Ticks), r => new TimeSpan(r.ReadSigned()));
        Add<DateOnly>(all, (w, v) => w.WriteSigned(v.DayNumber), r => DateOnly.FromDayNumber((int)r.ReadSigned()));
        Add<TimeOnly>(all, (w, v) => w.WriteSigned(v.Ticks), r => new TimeOnly(r.ReadSigned()));
        Add<Guid>(all, WriteGuid, r => new Guid(r.ReadRaw(16)));
        Add<string>(all, (w, v) => w.WriteString(v), r => r.ReadString()!);
        Add<object>(all, (_, _) => { }, _ => new object());
        Add<byte[]>(all, (w, v) => w.WriteBytes(v), r => r.ReadBytes());
        Add<Uri>(all, (w, v) => w.WriteString(v.OriginalString), r => new Uri(r.ReadString()!, UriKind.RelativeOrAbsolute));
        Add<Version>(all, (w, v) => w.WriteString(v.ToString()), r => Version.Parse(r.ReadString()!));
        Add<BigInteger>(all, (w, v) => w.WriteBytes(v.ToByteArray()), r => new BigInteger(r.ReadBytes()));
        Add<IPAddress>(all, (w, v) => w.WriteBytes(v.GetAddressBytes()), r => new IPAddress(r.ReadBytes()));
        Add<IPEndPoint>(all, WriteEndpoint, ReadEndpoint);
        Add<IdSpan>(all, (w, v) => w.WriteBytes(v.Span), r => new IdSpan(r.ReadBytes()));
        Add<GrainType>(all, (w, v) => w.WriteBytes(v.Value.Span), r => new GrainType(new IdSpan(r.ReadBytes())));
        Add<GrainId>(all, WriteGrainId, ReadGrainId);
        Add<SiloAddress>(all, WriteSilo, ReadSilo);
        return all;
    }

    public static void WriteGrainId(WireWriter writer, GrainId value)
    {
        writer.WriteBytes(value.Type.Value.Span);
        writer.WriteBytes(value.Key.Span);
    }

    public static GrainId ReadGrainId(WireReader reader)
    {
        var type = reader.ReadBytes();
        var key = reader.ReadBytes();
        return type.Length == 0 && key.Length == 0 ? default : new(new GrainType(new IdSpan(type)), new IdSpan(key));
    }

    public static void WriteSilo(WireWriter writer, SiloAddress value)
    {
        WriteEndpoint(writer, value.Endpoint);
        writer.WriteSigned(value.Generation);
    }

    public static SiloAddress ReadSilo(WireReader reader) => SiloAddress.New(ReadEndpoint(reader), (int)reader.ReadSigned());

    private static void Add<T>(Dictionary<Type, Codec> all, Action<WireWriter, T> write, Func<WireReader, T> read) => all.Add(typeof(T), new SimpleCodec<T>(write, read));

    private static void WriteDecimal(WireWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        foreach (var part in bits) writer.WriteFixed32((uint)part);
    }

    private static decimal ReadDecimal(WireReader reader) =>
        new([(int)reader.ReadFixed32(), (int)reader.ReadFixed32(), (int)reader.ReadFixed32(), (int)reader.ReadFixed32()]);

    private static void WriteMoment(WireWriter writer, DateTimeOffset value)
    {
        writer.WriteFixed64((ulong)value.Ticks);
        writer.WriteSigned(value.TotalOffsetMinutes);
    }

    private static DateTimeOffset ReadMoment(WireReader reader) => new((long)reader.ReadFixed64(), TimeSpan.FromMinutes(reader.ReadSigned()));

    private static void WriteGuid(WireWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        writer.WriteRaw(bytes);
    }

    private static void WriteEndpoint(WireWriter writer, IPEndPoint value)
    {
        writer.WriteBytes(value.Address.GetAddressBytes());
        writer.WriteUnsigned((ulong)value.Port);
    }

    private static IPEndPoint ReadEndpoint(WireReader reader) => new(new IPAddress(reader.ReadBytes()), (int)reader.ReadUnsigned());
}

/// <summary>Any enumeration, by its number.</summary>
internal sealed class EnumCodec<T> : Codec<T> where T : struct, Enum
{
    public override void Write(WireWriter writer, T value) =>
        writer.WriteSigned(Type.GetTypeCode(typeof(T)) == TypeCode.UInt64 ? unchecked((long)Convert.ToUInt64(value, null)) : ToInt64(value));

    public override T Read(WireReader reader, int number) => (T)Enum.ToObject(typeof(T), reader.ReadSigned());

    private static long ToInt64(T value) => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Int32 => System.Runtime.CompilerServices.Unsafe.BitCast<T, int>(value),
        _ => Convert.ToInt64(value, null),
    };
}

/// <summary>A value that may be missing.</summary>
internal sealed class NullableCodec<T> : Codec<T?> where T : struct
{
    public override IEnumerable<Type> Parts => [typeof(T)];

    public override void Write(WireWriter writer, T? value)
    {
        writer.WriteByte(value.HasValue ? (byte)1 : (byte)0);
        if (value is { } content) Slot<T>.Instance.Write(writer, content);
    }

    public override T? Read(WireReader reader, int number) => reader.ReadByte() == 0 ? null : Slot<T>.Instance.Read(reader);
}
