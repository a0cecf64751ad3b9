using System.Collections.Concurrent;

namespace MiniOrleans.Tests;

/// <summary>Holds grain methods until the test lets them go, so that no test depends on how long something takes.</summary>
public static class Gate
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Gates = new();

    /// <summary>Completes once the gate is open; fails after half a minute so that nothing hangs.</summary>
    public static Task Passed(string name) => Of(name).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public static void Open(string name) => Of(name).TrySetResult();

    private static TaskCompletionSource Of(string name) => Gates.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
