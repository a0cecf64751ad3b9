namespace Orleans.Runtime;

/// <summary>What waits its turn in an activation: a request, or a timer's tick.</summary>
internal abstract class WorkItem
{
    /// <summary>Runs whatever else runs.</summary>
    public virtual bool AlwaysInterleave => false;

    /// <summary>Alternates with others of its kind.</summary>
    public virtual bool ReadOnly => false;

    /// <summary>The call chain that may re-enter, or empty.</summary>
    public virtual Guid ReentrancyId => Guid.Empty;

    /// <summary>Whether it resets the activation's age.</summary>
    public virtual bool CountsAsUse => true;

    /// <summary>Whether it may overtake plain requests at all.</summary>
    public bool IsSpecial => AlwaysInterleave || ReadOnly || ReentrancyId != Guid.Empty;

    /// <summary>On the activation's scheduler. Never throws.</summary>
    public abstract Task RunAsync();

    /// <summary>It never ran: the activation has failed, or is over.</summary>
    /// <param name="failure">Why it failed; null when the item may go elsewhere.</param>
    public abstract void NotRun(Exception? failure);
}
