using System.Collections.Concurrent;

namespace OrleansRecorder.Farm;

/// <summary>
/// One thread that starts all children and lives as long as the process: the kernel takes the thread that forked for the parent, so that a child which a
/// pool's thread has started would get its death signal when the pool gives that thread up.
/// </summary>
internal static class ParentThread
{
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<Thread> Running = new(() =>
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable()) action();
        }) { IsBackground = true, Name = "parent of children" };
        thread.Start();
        return thread;
    });

    /// <summary>Runs a short function there.</summary>
    public static Task<T> Run<T>(Func<T> function)
    {
        _ = Running.Value;
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                // The caller's, not this thread's.
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
