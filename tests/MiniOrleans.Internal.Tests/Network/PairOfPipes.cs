using System.IO.Pipelines;
using Orleans.Serialization;

namespace MiniOrleans.Internal.Tests.Network;

/// <summary>Two links that are connected by pipes in memory, which hold as much as they are told.</summary>
internal sealed class PairOfPipes
{
    private static readonly Wire Wire = new(() => null!, new ExceptionSerializationOptions());

    public PairOfPipes(FrameBounds? bounds = null, int capacity = 1 << 16, int maxBodySize = 1 << 24)
    {
        var options = new PipeOptions(pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, useSynchronizationContext: false);
        var (there, back) = (new Pipe(options), new Pipe(options));
        Left = Make(back, there, bounds, maxBodySize);
        Right = Make(there, back, bounds, maxBodySize);
    }

    public Link Left { get; }

    public Link Right { get; }

    public static Wire Serializer => Wire;

    public static Message Message(long id, int body, MessageKind kind = MessageKind.Request)
    {
        var bytes = new byte[body];
        for (var i = 0; i < body; i++) bytes[i] = (byte)(id + i);
        return new Message { Kind = kind, Id = id, Target = GrainId.Create("target", "a"), Sender = GrainId.Create("sender", "b"), InterfaceName = "interface", Body = bytes };
    }

    public static bool IsWhole(Message message)
    {
        var body = message.Body.Span;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != (byte)(message.Id + i)) return false;
        }

        return true;
    }

    /// <summary>Both sides have proved themselves.</summary>
    public PairOfPipes Trusted()
    {
        Left.Trust();
        Right.Trust();
        return this;
    }

    private static Link Make(Pipe input, Pipe output, FrameBounds? bounds, int maxBodySize) => new(
        input.Reader.AsStream(), output.Writer.AsStream(), () => output.Writer.CompleteAsync().AsTask(), Wire, maxBodySize, bounds ?? FrameBounds.Silo);
}
