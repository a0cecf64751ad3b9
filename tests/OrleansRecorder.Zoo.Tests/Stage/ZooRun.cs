using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Zoo.Tests.Cases;

namespace OrleansRecorder.Zoo.Tests.Stage;

/// <summary>
/// Plays all cases at the same time, over one engine, since they mostly wait; each test then looks at its own. <c>ZOO=A08,A12</c> in the environment plays only
/// those whose names begin so, <c>ZOO_SEED=7</c> plays with another chance than <see cref="DefaultSeed"/>.
/// </summary>
public sealed class ZooRun : IAsyncLifetime
{
    // Always the same, so that a build fails of what was changed and not of its luck.
    private const int DefaultSeed = 1;

    // Connections one after the other keep the first second of each from being measured on a machine that has no time.
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<string, Task<string?>> _outcomes = new();
    private readonly CaptureEngine _engine = new(TimeProvider.System, () => 0.5, NullLogger<CaptureEngine>.Instance);

    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("ZOO_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : DefaultSeed;

    public async Task InitializeAsync()
    {
        var wanted = Environment.GetEnvironmentVariable("ZOO")?.Split(',');
        foreach (var it in ZooTable.All.Where(c => wanted is null || wanted.Any(w => c.Name.StartsWith(w, StringComparison.Ordinal))).OrderByDescending(c => c.Seconds))
        {
            _outcomes[it.Name] = Task.Run(() => Play(it));
            await Task.Delay(Stagger);
        }
    }

    /// <summary>Waits for a case; null: all is as it must be, or it was not wanted; else what is not.</summary>
    internal Task<string?> Outcome(string name) => _outcomes.GetValueOrDefault(name, Task.FromResult<string?>(null));

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_outcomes.Values);
        await _engine.DisposeAsync();
    }

    private async Task<string?> Play(ZooCase it)
    {
        // A case's chance is its own, whichever others are played.
        var seed = Seed + it.Name.Sum(c => c);
        await using var stage = new ZooStage(it.Name.Split(' ')[0], seed, _engine);
        try
        {
            await it.Play(stage);
            return null;
        }
        catch (Exception e)
        {
            return $"{e.Message}\n{(e is Checks.CheckFailed ? "" : e.StackTrace)}";
        }
    }
}
