using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace MiniOrleans.Internal.Tests.Membership;

/// <summary>A silo as membership sees it: its agent, its clock, its place in the simulated network.</summary>
internal sealed class SimulatedSilo : IMembershipWire, ISiloFate, IHealth
{
    private readonly SimulatedFarm _farm;
    private readonly FreezableTime _time;
    private readonly Action _onThaw = () => { };

    public SimulatedSilo(SimulatedFarm farm, int port, ClusterMembershipOptions options)
    {
        _farm = farm;
        _time = new FreezableTime(farm.Time);
        Address = SiloAddress.New(IPAddress.Loopback, port, (int)(farm.Time.GetUtcNow() - new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds);
        Action onThaw = () => { };
        Agent = new MembershipAgent(
            Address,
            farm.Table,
            this,
            this,
            thaw =>
            {
                onThaw = thaw;
                return this;
            },
            options,
            new MembershipLog(NullLoggerFactory.Instance),
            _time);
        _onThaw = onThaw;
    }

    public SiloAddress Address { get; }

    public MembershipAgent Agent { get; }

    /// <summary>Why it ended; null while it lives.</summary>
    public string? Ended { get; private set; }

    public bool IsDown { get; private set; }

    public bool IsFrozen => _time.IsFrozen;

    public bool WasFrozen => false;

    /// <summary>Its own processor is busy with other things.</summary>
    public bool IsHeldUp { get; set; }

    /// <summary>The others do not let it in: another secret, say.</summary>
    public bool IsRefused { get; set; }

    /// <summary>What it believes of a member.</summary>
    public SiloStatus Sees(SimulatedSilo other) => Knows(other)?.Status ?? SiloStatus.None;

    /// <summary>All that it knows of a member.</summary>
    public MembershipEntry? Knows(SimulatedSilo other) => Agent.Read().Result.Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(other.Address));

    public Task Announce(SiloStatus status) => Agent.Write(new MembershipEntry
    {
        SiloAddress = Address,
        Status = status,
        SiloName = $"silo {Address.Endpoint.Port}",
        StartTime = _farm.Time.GetUtcNow().UtcDateTime,
        IAmAliveTime = _farm.Time.GetUtcNow().UtcDateTime,
    }).AsTask();

    public void Kill()
    {
        IsDown = true;
        _time.Stop();
        Agent.Dispose();
    }

    public void Freeze() => _time.Freeze();

    public void Thaw()
    {
        _onThaw();
        _time.Thaw();
    }

    public bool WasHeldUp(TimeSpan within) => IsHeldUp;

    public void Run(Action action) => _time.Run(action);

    void ISiloFate.End(SiloAddress silo, string why)
    {
        Ended = why;
        Kill();
    }

    Task<bool> IMembershipWire.Probe(SiloAddress silo, TimeSpan timeout) => IsRefused
        ? Task.FromException<bool>(new OrleansConfigurationException("The other side's secret differs."))
        : _farm.Probe(this, silo, timeout, _time);

    void IMembershipWire.Send(SiloAddress target, MembershipMessage message) => _farm.Send(this, target, message);

    void IDisposable.Dispose()
    {
        // Its health ends with it.
    }
}
