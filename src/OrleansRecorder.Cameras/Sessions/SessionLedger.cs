namespace OrleansRecorder.Cameras.Sessions;

/// <summary>
/// Counts and remembers sessions. The server's thread writes, anybody reads or resets: one lock keeps every reading whole, so that "how many at once" is never a
/// sum of two moments.
/// </summary>
internal sealed class SessionLedger(TimeProvider time, int remembered)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, SessionTally> _cameras = [];
    private readonly Dictionary<long, SessionRecord> _playing = [];
    private readonly Queue<(long Order, SessionRecord Record)> _ended = new();
    private SessionTally _all = SessionTally.None;
    private DateTimeOffset _resetAt = time.GetUtcNow();
    private long _order;
    private int _forgotten;

    public SessionCounts All
    {
        get
        {
            lock (_lock) return _all.SinceStart;
        }
    }

    public SessionCounts Of(int camera)
    {
        lock (_lock) return _cameras.GetValueOrDefault(camera, SessionTally.None).SinceStart;
    }

    /// <summary>Counts a session that plays, and returns what <see cref="End"/> wants.</summary>
    public long Start(int camera, string client)
    {
        lock (_lock)
        {
            Count(camera, tally => tally.Start());
            _playing[++_order] = new SessionRecord(camera, client, time.GetUtcNow(), null, null, null);
            return _order;
        }
    }

    public void End(long order, string reason, SentVideo? video)
    {
        lock (_lock)
        {
            if (!_playing.Remove(order, out var record)) return;
            Count(record.Camera, tally => tally.End());
            _ended.Enqueue((order, record with { EndedAt = time.GetUtcNow(), Reason = reason, Video = video }));
            if (_ended.Count <= remembered) return;
            _ended.Dequeue();
            _forgotten++;
        }
    }

    /// <summary>Counts anew from now on, beside the counts since the start, and forgets the sessions that have ended.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _all = _all.Reset();
            foreach (var (camera, tally) in _cameras.ToList()) _cameras[camera] = tally.Reset();
            _ended.Clear();
            (_resetAt, _forgotten) = (time.GetUtcNow(), 0);
        }
    }

    public SessionStatistics Read()
    {
        lock (_lock)
        {
            var sessions = _ended.Concat(_playing.Select(p => (Order: p.Key, Record: p.Value))).OrderBy(s => s.Order).Select(s => s.Record);
            return new SessionStatistics(_all, _resetAt, new Dictionary<int, SessionTally>(_cameras), [.. sessions], _forgotten);
        }
    }

    private void Count(int camera, Func<SessionTally, SessionTally> change)
    {
        _all = change(_all);
        _cameras[camera] = change(_cameras.GetValueOrDefault(camera, SessionTally.None));
    }
}
