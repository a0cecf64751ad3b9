using System.Collections.Immutable;
using System.Text;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>Serializes what messages carry, for one silo or client.</summary>
internal sealed class Wire(Func<ReferenceFactory> references, ExceptionSerializationOptions exceptions)
{
    public ExceptionSerializationOptions Exceptions => exceptions;

    public byte[] Write(Action<WireWriter> write)
    {
        using var writer = new WireWriter(exceptions);
        write(writer);
        return writer.ToArray();
    }

    public WireReader Read(ReadOnlyMemory<byte> data) => new(data, references(), exceptions);

    public byte[] WriteArguments(GrainMethod method, object?[] arguments)
    {
        using var writer = new WireWriter(exceptions);
        method.WriteArguments(writer, arguments);
        return writer.ToArray();
    }

    /// <summary>Gives the answer its body; a large one keeps the array in which it was written.</summary>
    public void WriteResult(GrainMethod method, object? result, Message answer)
    {
        using var writer = new WireWriter(exceptions);
        method.WriteResult(writer, result);
        if (writer.Length > FrameSizes.LargeBody) answer.TakeBody(writer.Length, writer.Detach());
        else answer.Body = writer.ToArray();
    }

    /// <summary>The exception, or in its place the one that says why it cannot travel.</summary>
    public byte[] WriteException(Exception exception)
    {
        try
        {
            return Write(writer => Slot<Exception>.Instance.Write(writer, exception));
        }
        catch (Exception missing)
        {
            return Write(writer => Slot<Exception>.Instance.Write(writer, new CodecNotFoundException($"{missing.Message} Its message was: {exception.Message}")));
        }
    }

    public Exception ReadException(ReadOnlyMemory<byte> body) => Slot<Exception>.Instance.Read(Read(body));

    public ReadOnlyMemory<byte> WriteContext(ImmutableDictionary<string, object>? values)
    {
        if (values is null || values.IsEmpty) return default;
        return Write(writer => Slot<ImmutableDictionary<string, object>>.Instance.Write(writer, values));
    }

    public ImmutableDictionary<string, object>? ReadContext(ReadOnlyMemory<byte> context) =>
        context.IsEmpty ? null : Slot<ImmutableDictionary<string, object>>.Instance.Read(Read(context));

    public static byte[] WriteText(string text) => Encoding.UTF8.GetBytes(text);

    public static string ReadText(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);
}
