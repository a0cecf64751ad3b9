using OrleansRecorder.FarmTests.Commands;
using OrleansRecorder.FarmTests.FailOver;
using OrleansRecorder.FarmTests.Outages;
using OrleansRecorder.FarmTests.Startup;
using OrleansRecorder.FarmTests.Steady;
using Xunit.Abstractions;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>Starts the classes that take minutes before the others: by chance, the longest would begin last now and then, and be waited for alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Long =
    [
        typeof(KilledProcessTests), typeof(NetworkCutTests), typeof(DatabaseAndSiloTests), typeof(SteadyFarmTests), typeof(FrozenSiloTests),
        typeof(RollingRestartTests), typeof(DatabaseOutageTests), typeof(DrainTests), typeof(StartAgainTests), typeof(FarmCommandTests),
    ];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Rank).ThenBy(c => c.DisplayName, StringComparer.Ordinal);

    private static int Rank(ITestCollection collection)
    {
        var at = Array.FindIndex(Long, type => collection.DisplayName.EndsWith(type.FullName!, StringComparison.Ordinal));
        return at >= 0 ? at : Long.Length;
    }
}
