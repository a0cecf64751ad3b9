namespace MiniOrleans.Tests.Activations;

/// <summary>Notes its birth and death in the journal of its key.</summary>
public interface ILifeGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task Leave();

    /// <summary>Leaves, and takes so long about it.</summary>
    Task LeaveSlowly(TimeSpan duration);

    Task Stay(TimeSpan atLeast);

    Task StartTimer(TimeSpan period, bool keepAlive);
}

[GrainType("life")]
public class LifeGrain : Grain, ILifeGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private TimeSpan _leaving;

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task LeaveSlowly(TimeSpan duration)
    {
        _leaving = duration;
        return Leave();
    }

    public Task Stay(TimeSpan atLeast)
    {
        DelayDeactivation(atLeast);
        return Task.CompletedTask;
    }

    public Task StartTimer(TimeSpan period, bool keepAlive)
    {
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(period, period) { KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Journal.Note(this.GetPrimaryKeyString(), "leaving");
        await Task.Delay(_leaving, cancellationToken);
        Journal.Note(this.GetPrimaryKeyString(), reason.ReasonCode.ToString());
    }

    private Task Tick()
    {
        Journal.Note(this.GetPrimaryKeyString(), "tick");
        return Task.CompletedTask;
    }
}

public interface IKeptGrain : ILifeGrain;

/// <summary>The same, never collected.</summary>
[KeepAlive, GrainType("life.kept")]
public sealed class KeptGrain : LifeGrain, IKeptGrain;
