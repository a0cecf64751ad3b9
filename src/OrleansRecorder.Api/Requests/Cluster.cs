using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Archive;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Requests;

/// <summary>
/// Calls grains with a deadline of the API's own. Orleans never makes a call again by itself, and the answer of a silo that has just died never comes: so what can be
/// done twice is done once more when it was not answered, and finds the grain on another silo by then.
/// </summary>
internal sealed partial class Cluster(IClusterClient client, IOptions<ApiOptions> options, TimeProvider time, ILogger<Cluster> logger)
{
    private const int MostChanges = 256;

    // A refusal comes at once; the cluster needs a moment to see that a silo is gone, or to have its database back.
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(500);

    private int _changes;

    /// <summary>A call that may be made twice: a read, or a change that says how things shall be.</summary>
    public async Task<T> Idempotent<T>(Func<IClusterClient, Task<T>> call, CancellationToken cancellation = default)
    {
        try
        {
            return await UnlessRefused(call, options.Value.CallDeadline, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or SiloUnavailableException)
        {
            LogAgain(exception.GetType().Name);
            if (exception is not TimeoutException) await Task.Delay(PauseAfterRefusal, time, cancellation);
        }

        return await call(client).WaitAsync(options.Value.CallDeadline, time, cancellation);
    }

    /// <summary>
    /// A change that is made once. It may be held by its grain over a restart of the database: so there is a bound on how many are under way, and more are refused.
    /// When its answer does not come in time, it may still have had its effect.
    /// </summary>
    public async Task<T> Change<T>(Func<IClusterClient, Task<T>> call)
    {
        try
        {
            if (Interlocked.Increment(ref _changes) > MostChanges) throw new OrleansException($"More than {MostChanges} changes are under way.");
            return await UnlessRefused(call, options.Value.ChangeDeadline, CancellationToken.None);
        }
        finally
        {
            Interlocked.Decrement(ref _changes);
        }
    }

    /// <summary>A call that is made once. When its answer does not come in time, it may still have had its effect.</summary>
    public Task<T> Once<T>(Func<IClusterClient, Task<T>> call, CancellationToken cancellation = default) =>
        call(client).WaitAsync(options.Value.ChangeDeadline, time, cancellation);

    // A call that was refused has reached no grain: the silos could not find out where it is, for their database is away. So it may be made again whatever it does.
    private async Task<T> UnlessRefused<T>(Func<IClusterClient, Task<T>> call, TimeSpan within, CancellationToken cancellation)
    {
        for (var begun = time.GetTimestamp(); ; await Task.Delay(PauseAfterRefusal, time, cancellation))
        {
            try
            {
                return await call(client).WaitAsync(Left(begun, within), time, cancellation);
            }
            catch (OrleansMessageRejectionException exception) when (exception is not SiloUnavailableException && Left(begun, within) > PauseAfterRefusal)
            {
                LogAgain(exception.GetType().Name);
            }
        }
    }

    private TimeSpan Left(long begun, TimeSpan within)
    {
        var left = within - time.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    [LoggerMessage(5, LogLevel.Information, "A grain did not answer ({Exception}); it is asked once more")]
    private partial void LogAgain(string exception);
}

/// <summary>The grains that the API calls.</summary>
internal static class Grains
{
    public static ICycleGrain Cycle(this IClusterClient cluster) => cluster.GetGrain<ICycleGrain>(ICycleGrain.Key);

    public static IConfigGrain Config(this IClusterClient cluster) => cluster.GetGrain<IConfigGrain>(IConfigGrain.Key);

    public static IArchiveGrain Archive(this IClusterClient cluster, string key) => cluster.GetGrain<IArchiveGrain>(key);

    public static INodeGrain Node(this IClusterClient cluster, string name) => cluster.GetGrain<INodeGrain>(name);
}
