namespace OrleansRecorder.Media.Ingest;

/// <summary>How often a connection is worth a sweep, by how long it has played and how much comes.</summary>
internal sealed class SweepPace
{
    // By then it is known how sound and picture lie to each other, and what a gateway had kept has come.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    // Fewer bytes than these in two ticks are not worth a sweep: up to 1.6 Mb/s.
    private const int FewBytes = 16 << 10;

    // Sweeps over which their number is averaged: no key frame alone decides.
    private const int Steadiness = 16;

    private int _bytesOfTick;

    /// <inheritdoc cref="IIngestSession.Ticks"/>
    public int Ticks { get; private set; } = 1;

    /// <summary>A sweep has read.</summary>
    /// <param name="bytes">What it got.</param>
    /// <param name="played">How long media has come; null when none comes yet.</param>
    /// <param name="mayWait">What has come waits in the kernel without being lost.</param>
    public void Count(int bytes, TimeSpan? played, bool mayWait)
    {
        _bytesOfTick += ((bytes / Ticks) - _bytesOfTick) / Steadiness;
        if (!mayWait || played is null || played < SettlingTime) Ticks = 1;
        else Ticks = 2 * _bytesOfTick >= FewBytes ? 2 : 4;
    }
}
