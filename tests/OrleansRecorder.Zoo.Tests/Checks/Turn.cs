namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>Takes turns at the processors: encoding and decoding must not starve the recordings that run meanwhile, in real time.</summary>
internal static class Turn
{
    private static readonly SemaphoreSlim Free = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Waits for a turn, which lasts until it is disposed of.</summary>
    public static async Task<IDisposable> Take()
    {
        await Free.WaitAsync();
        return new End();
    }

    private sealed class End : IDisposable
    {
        public void Dispose() => Free.Release();
    }
}
