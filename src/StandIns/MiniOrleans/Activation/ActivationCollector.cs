using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Ends activations that nobody has used for their age limit.</summary>
internal sealed class ActivationCollector(Catalog catalog, GrainCollectionOptions options)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.CollectionQuantum);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) Collect(atMost: null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    /// <summary>Ends what is idle; with <paramref name="atMost"/> also what is idle for only so long.</summary>
    public void Collect(TimeSpan? atMost)
    {
        foreach (var activation in catalog.All)
        {
            var limit = LimitOf(activation.Class);
            if (limit == Timeout.InfiniteTimeSpan) continue;
            var age = atMost is { } shorter && shorter < limit ? shorter : limit;
            if (activation.IsIdleFor(age))
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody has used it for its age limit."));
        }
    }

    private TimeSpan LimitOf(GrainClass grainClass) =>
        grainClass.AgeLimit ?? (options.ClassSpecificCollectionAge.TryGetValue(grainClass.Type.FullName!, out var age) ? age : options.CollectionAge);
}
