namespace OrleansRecorder.Cameras;

/// <summary>How sessions are kept.</summary>
public sealed record SessionQuirks
{
    /// <summary>What stands in the Session header: {0} is the id, {1} the timeout in seconds.</summary>
    public string Header { get; init; } = "{0};timeout={1}";

    /// <summary>The Session header of replies to SETUP is as <see cref="Header"/> says; all others hold the id alone.</summary>
    public bool SaysTimeoutOnce { get; init; }

    /// <summary>How long the camera keeps a silent session; null: as its server.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Only GET_PARAMETER keeps a session: receiver reports and other requests do not.</summary>
    public bool NeedsGetParameter { get; init; }

    /// <summary>A Session header with anything but the id is answered 454.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Requests of a session that plays get no answer, but for TEARDOWN.</summary>
    public bool IgnoresKeepAlive { get; init; }

    /// <summary>Keep-alives get this instead of 200, such as <c>454 Session Not Found</c>; they count all the same.</summary>
    public string? KeepAliveStatus { get; init; }

    /// <summary>Media stops when no receiver report comes for so long.</summary>
    public TimeSpan? NeedsReportsEvery { get; init; }

    /// <inheritdoc cref="TeardownStyle"/>
    public TeardownStyle Teardown { get; init; }
}

/// <summary>What TEARDOWN meets.</summary>
public enum TeardownStyle
{
    /// <summary>200.</summary>
    Answered,

    /// <summary>No answer; the session ends.</summary>
    Ignored,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>An answer that is none: <c>RTSP/1.0 0</c>.</summary>
    Junk
}
