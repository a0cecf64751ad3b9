using System.Collections.Concurrent;

namespace MiniOrleans.Tests;

/// <summary>What grains did, in order, kept a grain key. Grains write it, tests read it: both live in one process.</summary>
public static class Journal
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Pages = new();

    public static void Note(string key, string what) => Pages.GetOrAdd(key, _ => new()).Enqueue(what);

    public static string[] Of(string key) => Pages.TryGetValue(key, out var page) ? [.. page] : [];

    public static int Count(string key, string what) => Of(key).Count(entry => entry == what);

    /// <summary>Waits until an entry has been written so many times.</summary>
    public static Task Has(string key, string what, int times = 1, int withinSeconds = 15) =>
        Eventually.IsTrue(() => Count(key, what) >= times, withinSeconds, $"{times} x '{what}' in the journal of {key}");
}
