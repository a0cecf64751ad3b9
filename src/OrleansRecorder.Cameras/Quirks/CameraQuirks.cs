namespace OrleansRecorder.Cameras;

/// <summary>
/// What is odd about a camera that works: real ones bend the standards in hundreds of ways. Any of these go together; the default is a
/// camera that keeps to the standards. What is broken about a camera is its <see cref="CameraFault"/>.
/// </summary>
public sealed record CameraQuirks
{
    /// <summary>No oddities.</summary>
    public static readonly CameraQuirks None = new();

    /// <inheritdoc cref="LoginQuirks"/>
    public LoginQuirks Login { get; init; } = new();

    /// <inheritdoc cref="ReplyQuirks"/>
    public ReplyQuirks Replies { get; init; } = new();

    /// <inheritdoc cref="DescriptionQuirks"/>
    public DescriptionQuirks Description { get; init; } = new();

    /// <inheritdoc cref="TransportQuirks"/>
    public TransportQuirks Transport { get; init; } = new();

    /// <inheritdoc cref="SessionQuirks"/>
    public SessionQuirks Session { get; init; } = new();

    /// <inheritdoc cref="PacketQuirks"/>
    public PacketQuirks Packets { get; init; } = new();

    /// <inheritdoc cref="TimestampQuirks"/>
    public TimestampQuirks Timestamps { get; init; } = new();
}
