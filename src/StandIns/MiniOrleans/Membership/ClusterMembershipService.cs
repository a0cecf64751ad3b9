using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>What one silo knows of the members, kept true by the table's changes.</summary>
internal sealed class ClusterMembershipService(IMembershipTable table) : IClusterMembershipService, IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterMembershipSnapshot _current = new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, MembershipVersion.MinValue);

    /// <summary>A newer snapshot is there; with the one before.</summary>
    public event Action<ClusterMembershipSnapshot, ClusterMembershipSnapshot>? Updated;

    public ClusterMembershipSnapshot CurrentSnapshot => Volatile.Read(ref _current);

    public IReadOnlyList<MembershipEntry> Entries { get; private set; } = [];

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => Updates();

    public async ValueTask Start()
    {
        table.Changed += Changed;
        await Learn().ConfigureAwait(false);
    }

    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        await table.Refresh(minimumVersion, cancellationToken).ConfigureAwait(false);
        await Learn().ConfigureAwait(false);
    }

    public async Task<bool> TryKill(SiloAddress siloAddress)
    {
        if (Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(siloAddress)) is not { } entry) return false;
        await table.Write(With(entry, SiloStatus.Dead)).ConfigureAwait(false);
        return true;
    }

    public void Dispose() => table.Changed -= Changed;

    private static MembershipEntry With(MembershipEntry entry, SiloStatus status)
    {
        var changed = entry.With(status, entry.SuspectTimes);
        changed.IAmAliveTime = DateTime.UtcNow;
        return changed;
    }

    // What is known is in this process, so nothing is left running here.
    private void Changed() => Learn().AsTask().GetAwaiter().GetResult();

    private async ValueTask Learn()
    {
        var (version, entries) = await table.Read().ConfigureAwait(false);
        ClusterMembershipSnapshot before, now;
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (version <= _current.Version.Value) return;
            before = _current;
            Entries = entries;
            now = new ClusterMembershipSnapshot(
                entries.ToImmutableDictionary(entry => entry.SiloAddress, entry => new ClusterMember(entry.SiloAddress, entry.Status, entry.SiloName)),
                new MembershipVersion(version));
            Volatile.Write(ref _current, now);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        Updated?.Invoke(before, now);
    }

    private async IAsyncEnumerable<ClusterMembershipSnapshot> Updates([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var last = MembershipVersion.MinValue;
        while (true)
        {
            Task changed;
            ClusterMembershipSnapshot current;
            lock (_lock) (changed, current) = (_changed.Task, _current);
            if (current.Version > last)
            {
                last = current.Version;
                yield return current;
            }
            else
            {
                await changed.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
