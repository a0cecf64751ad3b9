namespace Orleans.Runtime;

/// <summary>A timer of one activation. Disposing it stops all further ticks and cancels the token of a running one.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>A new schedule; inside the callback it applies after it.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}
