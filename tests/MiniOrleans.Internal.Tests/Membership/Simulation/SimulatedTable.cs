using System.Collections.Immutable;
using System.Net;

namespace MiniOrleans.Internal.Tests.Membership;

/// <summary>The shared table in memory; it can be away.</summary>
internal sealed class SimulatedTable : ISharedMembershipTable
{
    private ImmutableList<MembershipEntry> _entries = [];

    public bool IsAway { get; set; }

    public long Version { get; private set; }

    /// <summary>How many changes were refused because somebody was faster.</summary>
    public int Conflicts { get; private set; }

    /// <summary>Runs before the next change, as another silo that is faster.</summary>
    public Action? Before { get; set; }

    public SiloStatus StatusOf(SiloAddress silo) => _entries.FirstOrDefault(entry => entry.SiloAddress.Equals(silo))?.Status ?? SiloStatus.None;

    public Task Initialize(CancellationToken cancellation) => Answer(true);

    public Task<MembershipTableData> ReadAll(CancellationToken cancellation) => Answer(new MembershipTableData(Version, _entries));

    public Task<bool> Insert(MembershipEntry entry, long version, CancellationToken cancellation) => Put(entry, version, mustExist: false);

    public Task<bool> Update(MembershipEntry entry, long version, CancellationToken cancellation) => Put(entry, version, mustExist: true);

    public Task UpdateIAmAlive(SiloAddress silo, DateTime time, CancellationToken cancellation)
    {
        if (!IsAway) _entries = [.. _entries.Select(entry => entry.SiloAddress.Equals(silo) ? At(entry, time) : entry)];
        return Answer(true);
    }

    public Task<IReadOnlyList<IPEndPoint>> ReadGateways(CancellationToken cancellation) => Answer<IReadOnlyList<IPEndPoint>>([]);

    public Task CleanupDefunct(DateTime before, CancellationToken cancellation) => Answer(true);

    /// <summary>As another silo would write it.</summary>
    public void Write(MembershipEntry entry)
    {
        _entries = _entries.RemoveAll(known => known.SiloAddress.Equals(entry.SiloAddress)).Add(entry);
        Version++;
    }

    private static MembershipEntry At(MembershipEntry entry, DateTime time)
    {
        var changed = entry.With(entry.Status, entry.SuspectTimes);
        changed.IAmAliveTime = time;
        return changed;
    }

    private Task<bool> Put(MembershipEntry entry, long version, bool mustExist)
    {
        if (Before is { } faster && !IsAway)
        {
            Before = null;
            faster();
        }

        var isThere = _entries.Any(known => known.SiloAddress.Equals(entry.SiloAddress));
        var written = !IsAway && version == Version && isThere == mustExist;
        if (written) Write(entry);
        else if (!IsAway) Conflicts++;
        return Answer(written);
    }

    private Task<T> Answer<T>(T answer) => IsAway ? Task.FromException<T>(new IOException("The database is away.")) : Task.FromResult(answer);
}
