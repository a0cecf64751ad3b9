namespace OrleansRecorder.Storage;

/// <summary>
/// Says how long a change is held while its storage is away: a restart of the database is waited for, a longer outage is not. The patience counts from where the outage
/// began, so whoever comes late waits less, and what queues up behind a change that is held is not held once more.
/// </summary>
/// <param name="patience">How long after an outage began its changes are still held.</param>
/// <param name="time">Counts it.</param>
internal sealed class StorageOutage(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // What fails after so long without a failure is an outage of its own.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    private long? _since;
    private long _failedAt;
    private TimeSpan _pause;

    /// <summary>The storage has taken a change.</summary>
    public void Over() => _since = null;

    /// <summary>Waits a little after a try that failed, before the next one.</summary>
    /// <param name="tried">When the try began.</param>
    /// <returns>False, at once, when the storage has been away for too long.</returns>
    public async Task<bool> Pause(long tried)
    {
        if (_since is null || time.GetElapsedTime(_failedAt, tried) > Forgotten) (_since, _pause) = (tried, FirstPause);
        _failedAt = time.GetTimestamp();
        if (time.GetElapsedTime(_since.Value) + _pause >= patience) return false;
        await Task.Delay(_pause, time);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return true;
    }
}
