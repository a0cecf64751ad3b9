namespace Orleans.Runtime;

/// <summary>One activation of a grain.</summary>
public interface IGrainContext
{
    /// <summary>Whose activation it is.</summary>
    GrainId GrainId { get; }

    /// <summary>The object, once constructed.</summary>
    object? GrainInstance { get; }

    /// <summary>The activation's own scope.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is over.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation after its running requests.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
