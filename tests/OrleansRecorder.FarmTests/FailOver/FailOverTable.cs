using System.Globalization;
using System.Text;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>How long fail-overs took, for people.</summary>
internal static class FailOverTable
{
    private static readonly (Victim Victim, string Captures, string Service)[] Rows =
    [
        (Victim.Silo, "a silo killed: its captures recorded elsewhere", "a silo killed: a read through the load balancer"),
        (Victim.CycleHolder, "the silo with CycleGrain killed: its captures recorded elsewhere", "the silo with CycleGrain killed: a read of the tasks"),
        (Victim.Api, "an API killed: captures", "an API killed: a read through the load balancer"),
        (Victim.PostgreSql, "PostgreSQL killed: captures", "PostgreSQL killed: a change, from its return"),
    ];

    /// <summary>Median and worst of each.</summary>
    public static string Of(IReadOnlyList<Kill> kills)
    {
        var table = new StringBuilder().AppendLine("| fail-over | n | median s | worst s |").AppendLine("| --- | ---: | ---: | ---: |");
        foreach (var (victim, captures, service) in Rows)
        {
            var some = kills.Where(kill => kill.Victim == victim).ToArray();
            Add(table, captures, [.. some.SelectMany(kill => kill.Captures)]);
            Add(table, service, [.. some.Select(kill => kill.Service)]);
        }

        return table.ToString();
    }

    private static void Add(StringBuilder table, string name, TimeSpan[] times)
    {
        if (times.Length == 0) return;
        var seconds = times.Select(time => time.TotalSeconds).Order().ToArray();
        var median = (seconds[(seconds.Length - 1) / 2] + seconds[seconds.Length / 2]) / 2;
        table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {seconds.Length} | {median:0.0} | {seconds[^1]:0.0} |");
    }
}
