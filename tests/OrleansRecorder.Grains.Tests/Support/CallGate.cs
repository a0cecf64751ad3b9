namespace OrleansRecorder.Support;

/// <summary>Holds up the calls of one method until it is opened.</summary>
internal sealed class CallGate(string method) : IIncomingGrainCallFilter
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first call has come.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets all go on.</summary>
    public void Open() => _open.TrySetResult();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == method)
        {
            _reached.TrySetResult();
            await _open.Task;
        }

        await context.Invoke();
    }
}
