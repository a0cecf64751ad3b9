namespace OrleansRecorder.Cycles;

/// <summary>When something that failed may be tried again: each thing has its own pauses, which grow with its failures.</summary>
/// <param name="pauseAfter">The pause after so many failures in a row.</param>
internal sealed class RetryPauses<TKey>(Func<int, TimeSpan> pauseAfter)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (int Failures, DateTimeOffset NotBefore)> _pauses = [];

    /// <summary>It may be tried.</summary>
    public bool IsDue(TKey key, DateTimeOffset now) => !_pauses.TryGetValue(key, out var pause) || now >= pause.NotBefore;

    /// <summary>It was tried, in vain or not.</summary>
    public void Tried(TKey key, bool succeeded, DateTimeOffset now)
    {
        if (succeeded)
        {
            _pauses.Remove(key);
            return;
        }

        var failures = _pauses.GetValueOrDefault(key).Failures + 1;
        _pauses[key] = (failures, now + pauseAfter(failures));
    }

    /// <summary>Forgets what nobody tries any more.</summary>
    public void Keep(Predicate<TKey> isOfUse)
    {
        foreach (var key in _pauses.Keys.Where(key => !isOfUse(key)).ToArray()) _pauses.Remove(key);
    }
}
