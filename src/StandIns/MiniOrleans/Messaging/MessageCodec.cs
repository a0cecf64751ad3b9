using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>Messages as bytes, between processes.</summary>
internal static class MessageCodec
{
    /// <summary>All but the body.</summary>
    public static void WriteHead(WireWriter writer, Message message)
    {
        writer.WriteByte((byte)message.Kind);
        writer.WriteSigned(message.Id);
        BuiltInCodecs.WriteGrainId(writer, message.Target);
        BuiltInCodecs.WriteGrainId(writer, message.Sender);
        WriteSilo(writer, message.TargetSilo);
        WriteSilo(writer, message.SendingSilo);
        writer.WriteString(message.InterfaceName);
        writer.WriteFixed32(message.MethodId);
        writer.WriteUnsigned(message.InterfaceVersion);
        Slot<Guid>.Instance.Write(writer, message.ReentrancyId);
        writer.WriteUnsigned((ulong)message.ForwardCount);
        writer.WriteByte(message.IsRemembered ? (byte)1 : (byte)0);
        writer.WriteSigned(message.TimeToLive.Ticks);
        writer.WriteBytes(message.Context.Span);
    }

    public static Message Read(WireReader reader)
    {
        var message = ReadHead(reader);
        message.Body = reader.ReadBytes();
        return message;
    }

    public static Message ReadHead(WireReader reader) => new()
    {
        Kind = (MessageKind)reader.ReadByte(),
        Id = reader.ReadSigned(),
        Target = BuiltInCodecs.ReadGrainId(reader),
        Sender = BuiltInCodecs.ReadGrainId(reader),
        TargetSilo = ReadSilo(reader),
        SendingSilo = ReadSilo(reader),
        InterfaceName = reader.ReadString() ?? "",
        MethodId = reader.ReadFixed32(),
        InterfaceVersion = (ushort)reader.ReadUnsigned(),
        ReentrancyId = Slot<Guid>.Instance.Read(reader),
        ForwardCount = (int)reader.ReadUnsigned(),
        IsRemembered = reader.ReadByte() != 0,
        TimeToLive = new TimeSpan(reader.ReadSigned()),
        Context = reader.ReadBytes(),
    };

    private static void WriteSilo(WireWriter writer, SiloAddress? silo)
    {
        writer.WriteByte(silo is null ? (byte)0 : (byte)1);
        if (silo is not null) BuiltInCodecs.WriteSilo(writer, silo);
    }

    private static SiloAddress? ReadSilo(WireReader reader) => reader.ReadByte() == 0 ? null : BuiltInCodecs.ReadSilo(reader);
}
