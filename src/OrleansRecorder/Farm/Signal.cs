namespace OrleansRecorder.Farm;

/// <summary>Signals by their numbers on Linux.</summary>
internal enum Signal
{
    /// <summary>PostgreSQL: end now, in order.</summary>
    Interrupt = 2,

    /// <summary>PostgreSQL: end at once, recover at the next start.</summary>
    Quit = 3,

    /// <summary>End at once.</summary>
    Kill = 9,

    /// <summary>End in order.</summary>
    Terminate = 15,
}
