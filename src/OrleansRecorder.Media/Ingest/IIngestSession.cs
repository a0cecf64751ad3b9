namespace OrleansRecorder.Media.Ingest;

/// <summary>What an ingest thread sweeps: a connection that does what can be done now, and never waits.</summary>
internal interface IIngestSession
{
    /// <summary>Swept in short ticks: each answer that is waited for would otherwise cost a long one.</summary>
    bool IsStarting { get; }

    /// <summary>Ticks from one sweep to the next: 1, 2 or 4. More than 1 when it has played for a while, and what comes may wait in the kernel a little longer.</summary>
    int Ticks { get; }

    /// <summary>Takes what has come and sends what is due. False: it has ended and let go of all it had. A defect may throw; it ends this session only.</summary>
    /// <param name="buffer">The thread's own, for the time of the call.</param>
    bool Sweep(Span<byte> buffer);

    /// <summary>Ends it without another sweep and lets go of all it has. Never throws.</summary>
    /// <param name="end">Why.</param>
    void Abort(AbortReason end);
}

/// <summary>Why a session is ended from outside.</summary>
internal enum AbortReason
{
    /// <summary>Its own sweep threw: a defect, which the next connection would meet again.</summary>
    Defect,

    /// <summary>Its thread has died or is being closed; on another one it would go on.</summary>
    ThreadLost,
}
