namespace Orleans.Runtime;

/// <summary>
/// Which members still write that they are alive, as this silo's own clock sees it: the times in the table come from clocks that may be wrong, so only their
/// changes count. Time in which the table could not be read counts for nobody's silence.
/// </summary>
internal sealed class SignsOfLife(TimeProvider time)
{
    private readonly Dictionary<SiloAddress, (DateTime Sign, long Since)> _seen = [];
    private readonly Lock _lock = new();
    private long _lastRead;

    /// <summary>The table has been read. A gap of more than <paramref name="gap"/> since the last time begins all silences anew.</summary>
    public void Read(IEnumerable<MembershipEntry> entries, TimeSpan gap)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var anew = _lastRead != 0 && time.GetElapsedTime(_lastRead, now) > gap;
            _lastRead = now;
            var left = new HashSet<SiloAddress>(_seen.Keys);
            foreach (var entry in entries)
            {
                left.Remove(entry.SiloAddress);
                if (anew || !_seen.TryGetValue(entry.SiloAddress, out var known) || known.Sign != entry.IAmAliveTime) _seen[entry.SiloAddress] = (entry.IAmAliveTime, now);
            }

            foreach (var gone in left) _seen.Remove(gone);
        }
    }

    /// <summary>For how long the silo has been silent; zero for one that was never seen.</summary>
    public TimeSpan SilenceOf(SiloAddress silo)
    {
        lock (_lock) return _seen.TryGetValue(silo, out var known) ? time.GetElapsedTime(known.Since) : TimeSpan.Zero;
    }
}
