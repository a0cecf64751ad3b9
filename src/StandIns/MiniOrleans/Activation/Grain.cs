namespace Orleans;

/// <summary>Base of grain classes. Everything in it is for the grain's own turns.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Takes the activation that is being made.</summary>
    protected Grain() => GrainContext = ActivationData.Current!;

    /// <inheritdoc/>
    public IGrainContext GrainContext { get; }

    /// <summary><c>type/key</c>.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo's address as text.</summary>
    public string RuntimeIdentity => Activation.Silo.Address.ToString();

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Activation.Silo.GrainFactory;

    /// <summary>The activation's own scope.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private ActivationData Activation =>
        GrainContext as ActivationData ?? throw new InvalidOperationException("The grain was not made by a silo: it has no activation.");

    /// <summary>Called before the first request; the state is read by then. An exception fails the requests that wait, and the next one tries again.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after the last request. Not called on a crash: never rely on it for durability.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the activation after its running requests.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>No idle collection for so long; zero or less takes that back, infinite is for ever.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}
