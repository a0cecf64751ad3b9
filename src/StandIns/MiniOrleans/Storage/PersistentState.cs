namespace Orleans.Storage;

/// <summary>One state of one activation. Its storage calls run one after the other.</summary>
internal sealed class PersistentState<T>(string name, GrainId grain, IGrainStorage storage) : IPersistentState<T>
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly GrainState<T> _record = new(NewState.Of<T>());
    private bool _loaded;

    public T State
    {
        get => _record.State!;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _loaded ? _record.RecordExists : throw new InvalidOperationException($"The state \"{name}\" of {grain} is not read yet.");

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Run("read", cancellationToken, async () =>
    {
        var read = new GrainState<T>();
        await storage.ReadStateAsync(name, grain, read);
        _record.State = read.State is null ? NewState.Of<T>() : read.State;
        _record.ETag = read.ETag;
        _record.RecordExists = read.RecordExists;
        _loaded = true;
    });

    public Task WriteStateAsync(CancellationToken cancellationToken) => Run("write", cancellationToken, () => storage.WriteStateAsync(name, grain, _record));

    public Task ClearStateAsync(CancellationToken cancellationToken) => Run("clear", cancellationToken, async () =>
    {
        if (!_record.RecordExists && _record.ETag is null)
        {
            _record.State = NewState.Of<T>();
            return;
        }

        await storage.ClearStateAsync(name, grain, _record);
        _record.State = NewState.Of<T>();
        _record.RecordExists = false;
    });

    private async Task Run(string what, CancellationToken cancellation, Func<Task> work)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            await work();
        }
        catch (Exception exception) when (exception is not (OrleansException or OperationCanceledException))
        {
            throw new OrleansException($"The storage could not {what} the state \"{name}\" of {grain}: {exception.Message}", exception);
        }
        finally
        {
            _one.Release();
        }
    }
}
