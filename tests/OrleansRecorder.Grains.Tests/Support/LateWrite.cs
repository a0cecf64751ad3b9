namespace OrleansRecorder.Support;

/// <summary>The storage hangs from now on with a first write of a state, and refuses all others, until that one is made after all.</summary>
internal sealed class LateWrite
{
    private readonly TestStorage _storage;
    private readonly TaskCompletionSource<Action> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LateWrite(TestStorage storage, string state)
    {
        _storage = storage;
        storage.Hung = (name, write) =>
        {
            if (name != state) return;
            _first.TrySetResult(write);
            throw new IOException("the database did not answer");
        };
    }

    /// <summary>The first write hangs.</summary>
    public Task Hangs => _first.Task;

    /// <summary>It is made, though nobody hears of it, and the storage is there again.</summary>
    public async Task Arrive()
    {
        (await _first.Task)();
        _storage.Hung = null;
    }
}
