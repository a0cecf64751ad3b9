namespace OrleansRecorder.Archive;

/// <summary>How an output directory was when it was last looked at.</summary>
/// <param name="State">What it was.</param>
/// <param name="Reason">Why it cannot be listed; empty when it can.</param>
/// <param name="ScannedAt">When that was (UTC); null before the first look.</param>
public sealed record ArchiveStatus(ArchiveState State, LocalizedText Reason, DateTimeOffset? ScannedAt)
{
    internal static ArchiveStatus NotScanned { get; } = new(ArchiveState.Scanning, LocalizedText.Empty, ScannedAt: null);
}

/// <summary>What an output directory can be.</summary>
public enum ArchiveState
{
    /// <summary>The first scan is not over.</summary>
    Scanning,

    /// <summary>The index is what the last scan saw.</summary>
    Ready,

    /// <summary>There is no such directory (yet); the index is empty.</summary>
    Missing,

    /// <summary>It cannot be read; the index is what was last seen.</summary>
    Unreadable,
}
