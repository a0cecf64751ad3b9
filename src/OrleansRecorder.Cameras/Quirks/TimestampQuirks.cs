namespace OrleansRecorder.Cameras;

/// <summary>What is odd about the times of the packets.</summary>
public sealed record TimestampQuirks
{
    /// <summary>RTP timestamps reach 2^32 and begin again so long after PLAY.</summary>
    public TimeSpan? WrapAfter { get; init; }

    /// <summary>Parameter sets carry the previous frame's timestamp, and the marker.</summary>
    public bool AgesParameterSets { get; init; }

    /// <inheritdoc cref="TimestampFault"/>
    public TimestampFault Fault { get; init; }

    /// <summary>When <see cref="TimestampFault.JumpsForward"/> and the like happen, since PLAY.</summary>
    public TimeSpan FaultAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <inheritdoc cref="ReportStyle"/>
    public ReportStyle Reports { get; init; }
}

/// <summary>A fault of the clock that makes RTP timestamps.</summary>
public enum TimestampFault
{
    /// <summary>None.</summary>
    None,

    /// <summary>All are 0.</summary>
    Zero,

    /// <summary>They are milliseconds, whatever the clock rate says.</summary>
    Milliseconds,

    /// <summary>Once, an hour is skipped.</summary>
    JumpsForward,

    /// <summary>Once, they go ten seconds back.</summary>
    JumpsBack,

    /// <summary>They begin anew every two seconds.</summary>
    Sawtooth,

    /// <summary>Two frames after another share one, every now and then.</summary>
    Duplicates
}

/// <summary>What the sender reports (RFC 3550 section 6.4.1) say of the wall clock.</summary>
public enum ReportStyle
{
    /// <summary>The truth.</summary>
    Right,

    /// <summary>There are none.</summary>
    Absent,

    /// <summary>NTP time 0.</summary>
    Zero,

    /// <summary>A clock that was never set: 1970.</summary>
    Epoch,

    /// <summary>An hour off for the sound alone.</summary>
    OffForSound
}
