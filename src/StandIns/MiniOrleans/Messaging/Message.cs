using System.Buffers;

namespace Orleans.Runtime;

/// <summary>One message between activations, silos and clients.</summary>
internal sealed class Message
{
    public required MessageKind Kind { get; init; }

    /// <summary>The request's number at its sender; an answer repeats it.</summary>
    public required long Id { get; init; }

    public required GrainId Target { get; init; }

    /// <summary>Who sends it: a grain, or a client.</summary>
    public required GrainId Sender { get; init; }

    /// <summary>Where it goes, once that is known.</summary>
    public SiloAddress? TargetSilo { get; set; }

    /// <summary>Where the answer goes: the sender's silo, or the gateway that took it in.</summary>
    public SiloAddress? SendingSilo { get; set; }

    public string InterfaceName { get; init; } = "";

    public uint MethodId { get; init; }

    public ushort InterfaceVersion { get; init; }

    /// <summary>The call chain that may re-enter an activation, or empty.</summary>
    public Guid ReentrancyId { get; init; }

    /// <summary>How long the caller waits: what has not begun by then is dropped.</summary>
    public TimeSpan TimeToLive { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The caller's request context, serialized; empty for none.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    /// <summary>Arguments, result or exception, serialized.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The pooled array behind <see cref="Body"/>; null when it has none.</summary>
    public byte[]? RentedBody { get; private set; }

    /// <summary>At a client: the gateway that it was sent through. Does not travel.</summary>
    public object? Via { get; set; }

    public int ForwardCount { get; set; }

    /// <summary>It goes where its sender remembers the grain: if the grain is not there any more, the silo that gets it looks where it is now, and makes no activation.</summary>
    public bool IsRemembered { get; set; }

    public bool IsCall => Kind is MessageKind.Request or MessageKind.OneWay;

    public void RentBody(int length) => TakeBody(length, ArrayPool<byte>.Shared.Rent(length));

    /// <summary>Its body is the beginning of an array of the shared pool.</summary>
    public void TakeBody(int length, byte[] rented)
    {
        RentedBody = rented;
        Body = rented.AsMemory(0, length);
    }

    /// <summary>Called by whoever has used the body up: it is written to a connection, or its content has become objects. Without it the array is collected in time.</summary>
    public void ReleaseBody()
    {
        if (RentedBody is not { } rented) return;
        (RentedBody, Body) = (null, default);
        ArrayPool<byte>.Shared.Return(rented);
    }

    public Message Answer(MessageKind kind, ReadOnlyMemory<byte> body) => new()
    {
        Kind = kind,
        Id = Id,
        Target = Sender,
        Sender = Target,
        TargetSilo = SendingSilo,
        SendingSilo = TargetSilo,
        Body = body,
    };
}

/// <summary>What a message is.</summary>
internal enum MessageKind : byte
{
    /// <summary>A call that waits for its answer.</summary>
    Request = 0,

    /// <summary>A call that does not.</summary>
    OneWay = 1,

    /// <summary>The caller of a request no longer wants it.</summary>
    Cancel = 2,

    /// <summary>A result.</summary>
    Result = 3,

    /// <summary>An exception that the grain threw.</summary>
    Error = 4,

    /// <summary>The request was not delivered; the body is the reason as text.</summary>
    Rejection = 5,

    /// <summary>The silo that was to answer is gone; the body is the reason as text.</summary>
    Unavailable = 6,

    /// <summary>From one silo's membership to another's; a <see cref="MembershipMessage"/>.</summary>
    Membership = 7,
}
