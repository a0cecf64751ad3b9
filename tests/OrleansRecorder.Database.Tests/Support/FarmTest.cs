namespace OrleansRecorder.Database.Tests;

/// <summary>A test of the texts in a database of its own with the farm's schema.</summary>
[Collection(nameof(FarmServer))]
public abstract class FarmTest(FarmServer farm) : IAsyncLifetime
{
    protected StoredTexts Texts { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Texts = await StoredTexts.Load(await farm.Server.CreateDatabase());

    public Task DisposeAsync() => Texts.DisposeAsync().AsTask();

    /// <summary>Does the same many times at once, as the threads of many processes would.</summary>
    protected static async Task<T[]> AtOnce<T>(int count, Func<int, Task<T>> work)
    {
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, count).Select(n => Task.Run(async () =>
        {
            await together.Task;
            return await work(n);
        })).ToArray();
        together.SetResult();
        return await Task.WhenAll(all);
    }
}
