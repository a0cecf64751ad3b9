using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>A cluster of processes, as one of its silos sees it: membership and directory in a database, the rest among the silos.</summary>
internal sealed class FarmCluster : ICluster
{
    private readonly MembershipAgent _agent;
    private readonly MembershipLog _log;
    private readonly ConcurrentDictionary<string, MemoryStore> _stores = new();

    public FarmCluster(MembershipAgent agent, RememberingDirectory directory, IClientDirectory clients, MembershipLog log)
    {
        _log = log;
        _agent = agent;
        Directory = directory;
        Clients = clients;
        agent.Buried += silo => _ = directory.ClearAsync(silo);
    }

    public IMembershipTable Members => _agent;

    public IGrainDirectory Directory { get; }

    public IClientDirectory Clients { get; }

    public Task? HoldUp => _agent.HoldUp;

    public void Receive(SiloAddress from, MembershipMessage message) => _agent.Receive(from, message);

    /// <remarks>Lost with the silo, and unknown to the others: good for caches only.</remarks>
    public MemoryStore StoreOf(string provider) => _stores.GetOrAdd(provider, name =>
    {
        _log.MemoryStays(name);
        return new MemoryStore();
    });

    /// <exception cref="OrleansConfigurationException">Always: each silo would have reminders of its own.</exception>
    public MemoryReminders RemindersOf(string serviceId) => throw new OrleansConfigurationException(
        "UseInMemoryReminderService keeps reminders in one process: silos with ADO.NET clustering need UseAdoNetReminderService.");
}

/// <summary>Joins the cluster whose membership is in the database.</summary>
internal sealed class FarmClustering(IServiceProvider services) : IClustering
{
    public ICluster Join(string clusterId, SiloAddress silo)
    {
        var self = services.GetRequiredService<Silo>();
        var log = new MembershipLog(services.GetRequiredService<ILoggerFactory>());
        var options = services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var fate = services.GetService<ISiloFate>() ?? new ProcessFate();
        // Nobody is declared dead for less: the last of the missed probes would have been answered.
        var frozen = options.ProbeTimeout * Math.Max(1, options.NumMissedProbesLimit - 1);
        var agent = new MembershipAgent(silo, services.GetRequiredService<ISharedMembershipTable>(), new MembershipWire(self), fate, thaw => new Watchdog(frozen, thaw), options, log, TimeProvider.System);
        return new FarmCluster(agent, new RememberingDirectory(services.GetRequiredService<IGrainDirectory>(), self.WhoHas, log), services.GetRequiredService<IClientDirectory>(), log);
    }
}
