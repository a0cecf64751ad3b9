using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>A cluster whose silos all live in this process; it is gone with them.</summary>
internal sealed class InProcessCluster : ICluster, IMembershipTable, IGrainDirectory, IClientDirectory
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<GrainId, SiloAddress> _grains = new();
    private readonly ConcurrentDictionary<GrainId, ImmutableList<SiloAddress>> _clients = new();
    private readonly ConcurrentDictionary<string, MemoryStore> _stores = new();
    private readonly ConcurrentDictionary<string, MemoryReminders> _reminders = new();
    private ImmutableDictionary<SiloAddress, MembershipEntry> _members = ImmutableDictionary<SiloAddress, MembershipEntry>.Empty;
    private long _version;

    public event Action? Changed;

    public IMembershipTable Members => this;

    public IGrainDirectory Directory => this;

    public IClientDirectory Clients => this;

    /// <summary>It had members, and all are dead.</summary>
    public bool IsAbandoned
    {
        get { lock (_lock) return !_members.IsEmpty && _members.Values.All(member => member.Status == SiloStatus.Dead); }
    }

    public IEnumerable<SiloAddress> Active
    {
        get { lock (_lock) return [.. _members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)]; }
    }

    public MemoryStore StoreOf(string provider) => _stores.GetOrAdd(provider, _ => new MemoryStore());

    public MemoryReminders RemindersOf(string serviceId) => _reminders.GetOrAdd(serviceId, _ => new MemoryReminders());

    public ValueTask<(long Version, IReadOnlyList<MembershipEntry> Entries)> Read()
    {
        lock (_lock) return new((_version, [.. _members.Values]));
    }

    public ValueTask Write(MembershipEntry entry, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            if (_members.TryGetValue(entry.SiloAddress, out var known) && known.Status == SiloStatus.Dead) return default;
            _members = _members.SetItem(entry.SiloAddress, entry);
            _version++;
        }

        Changed?.Invoke();
        return default;
    }

    ValueTask<SiloAddress?> IGrainDirectory.Lookup(GrainId grain) => new(_grains.GetValueOrDefault(grain));

    ValueTask<SiloAddress> IGrainDirectory.Register(GrainId grain, SiloAddress silo)
    {
        while (true)
        {
            var winner = _grains.GetOrAdd(grain, silo);
            if (winner.Equals(silo) || !IsDead(winner)) return new(winner);
            _grains.TryRemove(KeyValuePair.Create(grain, winner));
        }
    }

    ValueTask IGrainDirectory.Unregister(GrainId grain, SiloAddress silo)
    {
        _grains.TryRemove(KeyValuePair.Create(grain, silo));
        return default;
    }

    ValueTask IGrainDirectory.UnregisterSilo(SiloAddress silo)
    {
        foreach (var entry in _grains)
        {
            if (entry.Value.Equals(silo)) _grains.TryRemove(entry);
        }

        return default;
    }

    ValueTask<SiloAddress?> IClientDirectory.Lookup(GrainId client) =>
        new(_clients.TryGetValue(client, out var gateways) ? gateways.FirstOrDefault(gateway => !IsDead(gateway)) : null);

    ValueTask IClientDirectory.Register(GrainId client, SiloAddress gateway)
    {
        _clients.AddOrUpdate(client, [gateway], (_, gateways) => gateways.Contains(gateway) ? gateways : gateways.Add(gateway));
        return default;
    }

    async ValueTask IClientDirectory.UnregisterSilo(SiloAddress silo)
    {
        foreach (var client in _clients.Keys) await Clients.Unregister(client, silo).ConfigureAwait(false);
    }

    ValueTask IClientDirectory.Unregister(GrainId client, SiloAddress gateway)
    {
        while (_clients.TryGetValue(client, out var gateways))
        {
            var left = gateways.Remove(gateway);
            if (left.IsEmpty ? _clients.TryRemove(KeyValuePair.Create(client, gateways)) : _clients.TryUpdate(client, left, gateways)) break;
        }

        return default;
    }

    private bool IsDead(SiloAddress silo)
    {
        lock (_lock) return _members.TryGetValue(silo, out var member) && member.Status == SiloStatus.Dead;
    }
}
