namespace Orleans.Runtime;

/// <summary>What a frame holds. On the wire: the payload's length in four bytes, least significant first, the kind in one, the payload.</summary>
internal enum FrameKind : byte
{
    /// <summary>The connecting side's first: who it is, whom it wants, and a nonce.</summary>
    Hello = 1,

    /// <summary>The listening side's answer: who it is, and a nonce.</summary>
    Challenge = 2,

    /// <summary>The connecting side knows the secret.</summary>
    Proof = 3,

    /// <summary>So does the listening side; a gateway adds which grain class serves which interface.</summary>
    Welcome = 4,

    /// <summary>The listening side does not take the connection: a <see cref="Refusal"/>, and why, as text.</summary>
    Refused = 5,

    /// <summary>A message.</summary>
    Message = 6,

    /// <summary>A message without its body, which follows in chunks; other frames may come between them.</summary>
    Large = 7,

    /// <summary>The next part of the body of the last <see cref="Large"/>.</summary>
    Chunk = 8,

    /// <summary>The sender of this frame stops: send it no more calls.</summary>
    Goodbye = 9,

    /// <summary>Answers a <see cref="Goodbye"/>: no more calls come.</summary>
    Farewell = 10,

    /// <summary>Are you there? Eight bytes that the <see cref="Pong"/> repeats.</summary>
    Ping = 11,

    /// <summary>I am.</summary>
    Pong = 12,
}

/// <summary>A frame that was read; its payload is valid until the next one is.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Payload, Message? Message);

/// <summary>Sizes that both ends of a connection rely on, in bytes.</summary>
internal static class FrameSizes
{
    public const int Header = 5;

    /// <summary>Bodies longer than this travel in chunks, so that small messages do not wait for them.</summary>
    public const int LargeBody = 1 << 15;

    public const int Chunk = 1 << 16;

    /// <summary>A frame without a chunk, before the other side has proved that it knows the secret.</summary>
    public const int MaxUntrusted = 1 << 13;

    /// <summary>A frame without a chunk.</summary>
    public const int MaxPlain = 1 << 22;

    /// <summary>What a message may carry beside its body: the caller's request context.</summary>
    public const int MaxContext = 1 << 20;
}
