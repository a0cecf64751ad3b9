namespace OrleansRecorder.Media.Sources;

/// <summary>What exactly was wrong, where the cause alone does not tell a person what to do.</summary>
internal enum SourceTrouble
{
    /// <summary>The server asks for a login, and the URL holds no user name.</summary>
    NoCredentials,

    /// <summary>The server wants SHA-256 digests only, which libavformat 59 cannot make.</summary>
    Sha256Only,

    /// <summary>User name or password is wrong.</summary>
    Rejected,

    /// <summary>The server offers only ways to log in that nobody here knows.</summary>
    UnknownLogin,

    /// <summary>The answer to DESCRIBE describes nothing.</summary>
    NoDescription,

    /// <summary>The description holds no picture that the server would send.</summary>
    NoVideo,

    /// <summary>What answers does not speak RTSP.</summary>
    NotRtsp,

    /// <summary>What the server sends breaks all limits.</summary>
    TooLong,

    /// <summary>Among the packets there was noise without an end.</summary>
    FramingLost,

    /// <summary>One redirect after another.</summary>
    RedirectEndless,

    /// <summary>A redirect to nowhere, or to what is no RTSP address.</summary>
    RedirectNowhere,

    /// <summary>A redirect from TLS to a connection without.</summary>
    RedirectToPlain,

    /// <summary>The server sends neither in the connection nor by UDP.</summary>
    NoTransport,

    /// <summary>There are no UDP ports left on our side.</summary>
    NoPorts,

    /// <summary>The server sends only by UDP, and nothing arrives that way.</summary>
    UdpSilent,

    /// <summary>A single request was not answered in time.</summary>
    NoReply,
}
