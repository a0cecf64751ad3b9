namespace MiniOrleans.Tests.Calls;

/// <summary>Notes every call to a <see cref="WatchedGrain"/>, and answers or refuses some in its place.</summary>
public sealed class WatchingFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not WatchedGrain)
        {
            await context.Invoke();
            return;
        }

        var key = context.TargetId.Key.ToString()!;
        Journal.Note(key, context.MethodName);
        if (context.MethodName == nameof(IWatchedGrain.Refused)) throw new InvalidOperationException("refused by the filter");
        await context.Invoke();
        if (context.MethodName == nameof(IWatchedGrain.Replaced)) context.Result = "from the filter";
    }
}
