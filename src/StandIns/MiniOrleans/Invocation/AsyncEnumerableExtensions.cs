namespace Orleans.Runtime;

/// <summary>Tunes the enumeration of a grain's answer.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>How many elements that are already there travel in one step; 100 unless told.</summary>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBatchSize);
        if (self is GrainAsyncEnumerable<T> remote) remote.MaxBatchSize = maxBatchSize;
        return self;
    }
}
