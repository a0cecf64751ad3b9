namespace OrleansRecorder.Media.Rtsp.Descriptions;

/// <summary>What a server has to send (SDP, RFC 8866), as far as a recorder needs it.</summary>
internal sealed class SessionDescription
{
    /// <summary>Media beyond these are left out.</summary>
    public const int MaxMedia = 16;

    /// <summary>The control attribute of the whole, or null.</summary>
    public string? Control { get; init; }

    /// <summary>How long it lasts (<c>a=range</c>, RFC 2326, C.1.5); null for a live stream.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>In the order of the description, each with at least one format.</summary>
    public required IReadOnlyList<MediaOffer> Media { get; init; }

    /// <summary>There was any <c>m=</c> line, readable or not.</summary>
    public bool HasMediaLines { get; init; }

    /// <summary>Sound is offered in a way that makes no sense, or that nobody here can read; it is not among <see cref="Media"/>.</summary>
    public bool HasUnusableSound { get; init; }
}

/// <summary>One media, and the formats that it may come in.</summary>
/// <param name="Formats">At least one, the server's favourite first.</param>
internal sealed record MediaOffer(IReadOnlyList<MediaDescription> Formats)
{
    /// <summary>The favourite.</summary>
    public MediaDescription First => Formats[0];
}
