namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Without an exception.</summary>
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text) { }

    /// <summary>With the exception behind it.</summary>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>The kind.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>In words.</summary>
    public string Description { get; }

    /// <summary>The exception behind it.</summary>
    public Exception? Exception { get; }
}

/// <summary>Kinds of ends of activations.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>The silo stops.</summary>
    ShuttingDown = 1,

    /// <summary>It never became active.</summary>
    ActivationFailed = 2,

    /// <summary>Its entry in the grain directory was lost.</summary>
    DirectoryFailure = 3,

    /// <summary>Nobody has called it for its age limit.</summary>
    ActivationIdle = 4,

    /// <summary>A request hangs.</summary>
    ActivationUnresponsive = 5,

    /// <summary>Another activation of the grain was first.</summary>
    DuplicateActivation = 6,

    /// <summary>A request of an incompatible version came.</summary>
    IncompatibleRequest = 7,

    /// <summary>The grain's code failed in a way that makes it stale.</summary>
    ApplicationError = 8,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested = 9,

    /// <summary>It moves to another silo.</summary>
    Migrating = 10,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested = 11,

    /// <summary>Memory is short.</summary>
    HighMemoryPressure = 12,
}
