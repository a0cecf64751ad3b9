using System.Diagnostics;
using System.Globalization;

namespace OrleansRecorder.Media.Tests.Fuzzing;

/// <summary>
/// Feeds damaged input to a parser for a bounded time: examples that are flipped, cut, repeated and spliced. A failure names its seed, and the input is kept.
/// RECORDER_FUZZ_SECONDS says how long each target is fed (1 by default), RECORDER_FUZZ_SEED repeats a run.
/// </summary>
internal static class Fuzzer
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>Runs a target on its examples, on what it failed at before (<c>Fuzzing/Corpus/NAME/*.bin</c>), and then on mutations of both.</summary>
    /// <param name="name">The target's name: a folder.</param>
    /// <param name="examples">Good input to begin with; at least one.</param>
    /// <param name="target">May do anything but throw or take longer than 2 s.</param>
    public static void Run(string name, IReadOnlyList<byte[]> examples, Action<byte[]> target)
    {
        var seed = (int)(Number("RECORDER_FUZZ_SEED") ?? Random.Shared.Next());
        var corpus = examples.Concat(Kept(name)).ToList();
        foreach (var example in corpus) Try(name, seed, example, target);

        var mutator = new Mutator(new Random(seed), corpus);
        var time = Stopwatch.StartNew();
        var limit = TimeSpan.FromSeconds(Number("RECORDER_FUZZ_SECONDS") ?? 1);
        while (time.Elapsed < limit) Try(name, seed, mutator.Next(), target);
    }

    private static void Try(string name, int seed, byte[] input, Action<byte[]> target)
    {
        var time = Stopwatch.GetTimestamp();
        try
        {
            target(input);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{name} failed with RECORDER_FUZZ_SEED={seed}; the input is {Keep(name, input)}", exception);
        }

        if (Stopwatch.GetElapsedTime(time) is var taken && taken > Slow) throw new InvalidOperationException($"{name} took {taken} with RECORDER_FUZZ_SEED={seed}; the input is {Keep(name, input)}");
    }

    private static IEnumerable<byte[]> Kept(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", name);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }

    // To be moved into the corpus when the failure is put right.
    private static string Keep(string name, byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Failures", name)).FullName;
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..16]}.bin");
        File.WriteAllBytes(path, input);
        return path;
    }

    private static double? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
