namespace OrleansRecorder.Archive.Recovery;

/// <summary>
/// Makes a recording that a crash cut off playable: cuts it to its last whole fragment. Runs on the hidden file itself, again after another
/// crash, so each step must leave a file that can be repaired. Throws when the file cannot be repaired now; it then stays as it is.
/// </summary>
/// <param name="path">The absolute path of the hidden file.</param>
/// <param name="cancellation">Ends the work between two files, or earlier.</param>
/// <returns>What is left in it.</returns>
public delegate Task<RepairedRecording> RecordingRepair(string path, CancellationToken cancellation);

/// <summary>What a repair found.</summary>
/// <param name="Duration">Length of the media that can be played; null when there is none, and the file may go.</param>
public sealed record RepairedRecording(TimeSpan? Duration)
{
    /// <summary>Nothing that can be played.</summary>
    public static RepairedRecording Empty { get; } = new((TimeSpan?)null);
}

/// <summary>What a recovery did.</summary>
public sealed record RecoveryReport
{
    /// <summary>The recordings that were repaired and are now listed.</summary>
    public required IReadOnlyList<Recording> Recovered { get; init; }

    /// <summary>Files that held nothing and were removed, relative to the output directory.</summary>
    public required IReadOnlyList<string> Discarded { get; init; }

    /// <summary>Files that could not be repaired or renamed, relative to the output directory, and why. They stay for the next recovery.</summary>
    public required IReadOnlyList<RecoveryFailure> Failed { get; init; }

    /// <summary>How many are being written by a living process, and were left alone.</summary>
    public required int Alive { get; init; }

    /// <summary>
    /// What is unfinished and not this process's own, relative to the output directory: what could not be repaired, and what another process
    /// writes, or seems to: a file server may hold a dead writer's lock for a minute.
    /// </summary>
    public required IReadOnlyList<string> Left { get; init; }
}

/// <summary>A file that stays as it is.</summary>
/// <param name="Path">Relative to the output directory.</param>
/// <param name="Reason">Why.</param>
public sealed record RecoveryFailure(string Path, LocalizedText Reason);
