namespace OrleansRecorder.Cameras;

/// <summary>What the answers look like.</summary>
public sealed record ReplyQuirks
{
    /// <summary>Lines of the header end with LF alone.</summary>
    public bool EndsLinesWithLf { get; init; }

    /// <summary>The headers' names are in lower case, <c>cseq</c> too.</summary>
    public bool LowersNames { get; init; }

    /// <summary>Blanks stand at the lines' ends.</summary>
    public bool TrailsBlanks { get; init; }

    /// <summary>The description comes without a Content-Type.</summary>
    public bool OmitsContentType { get; init; }

    /// <inheritdoc cref="ContentBaseStyle"/>
    public ContentBaseStyle ContentBase { get; init; }

    /// <summary>OPTIONS gets this instead of 200, such as <c>405 Method Not Allowed</c>; empty: the connection is closed.</summary>
    public string? OptionsStatus { get; init; }

    /// <summary>Methods that <c>Public</c> leaves out.</summary>
    public IReadOnlyList<string> HiddenMethods { get; init; } = [];

    /// <summary>PLAY is answered without RTP-Info.</summary>
    public bool OmitsRtpInfo { get; init; }

    /// <summary>DESCRIBE and SETUP are answered 302 with this address.</summary>
    public string? RedirectsTo { get; init; }

    /// <summary>Everything that is sent over TCP is cut at random places, and the rest of each piece comes 20 ms later or more.</summary>
    public bool SendsInPieces { get; init; }
}

/// <summary>What the answer to DESCRIBE says in Content-Base.</summary>
public enum ContentBaseStyle
{
    /// <summary>The address without its query, with a slash at the end.</summary>
    Plain,

    /// <summary>The address with its query, with a slash at the end.</summary>
    WithQuery,

    /// <summary>Host, port and path without <c>rtsp://</c>.</summary>
    WithoutScheme,

    /// <summary>An address of another machine, as cascaded gateways let through.</summary>
    OtherHost,

    /// <summary>The path alone.</summary>
    PathOnly,

    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>There is none.</summary>
    Absent
}
