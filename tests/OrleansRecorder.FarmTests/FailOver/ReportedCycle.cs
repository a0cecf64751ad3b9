using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>What the farm's nodes have written of a cycle.</summary>
/// <param name="Number">The cycle's.</param>
/// <param name="Directory">Its name.</param>
/// <param name="Tasks">In the order of the configuration.</param>
internal sealed record ReportedCycle(long Number, string Directory, IReadOnlyList<ReportedTask> Tasks)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Every cycle of which there is a report, by its number. What is missing is missing here too. All copies on the nodes must say the same, as soon as what
    /// is being written is written: a report that is corrected reaches one node after the other.
    /// </summary>
    public static Task<IReadOnlyDictionary<long, ReportedCycle>> Of(TestFarm farm) => Until(farm, _ => true, "to agree");

    /// <summary>A cycle's, once it is written.</summary>
    public static async Task<ReportedCycle> Written(TestFarm farm, long number) => (await Until(farm, reports => reports.ContainsKey(number), $"of cycle {number} to be written"))[number];

    private static async Task<IReadOnlyDictionary<long, ReportedCycle>> Until(TestFarm farm, Func<IReadOnlyDictionary<long, ReportedCycle>, bool> satisfies, string what)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(250)))
        {
            var (reports, difference) = ReadAll(farm);
            if (difference is null && satisfies(reports)) return reports;
            Assert.True(clock.Elapsed < Patience, $"waited {Patience.TotalSeconds} s for the reports {what}\n{difference}");
        }
    }

    private static (IReadOnlyDictionary<long, ReportedCycle> Reports, string? Difference) ReadAll(TestFarm farm)
    {
        Dictionary<long, (string Text, ReportedCycle Report)> found = [];
        string? difference = null;
        foreach (var file in farm.Silos.SelectMany(silo => System.IO.Directory.GetFiles(farm.ArchiveOf(silo.Name), "rtsp_report.json", SearchOption.AllDirectories)))
        {
            var text = File.ReadAllText(file);
            var report = Read(farm, JsonNode.Parse(text)!);
            Assert.Equal(report.Directory, Path.GetFileName(Path.GetDirectoryName(file)));
            if (!found.TryAdd(report.Number, (text, report)) && found[report.Number].Text != text) difference = $"{found[report.Number].Text}\n{file}:\n{text}";
        }

        return (found.ToDictionary(each => each.Key, each => each.Value.Report), difference);
    }

    private static ReportedCycle Read(TestFarm farm, JsonNode report)
    {
        var directory = (string)report["cycle"]!["directory"]!;
        return new((long)report["cycle"]!["number"]!, directory, [.. report["tasks"]!.AsArray().Select(task => new ReportedTask(
            (int)task!["stream_index"]! + 1, (int)task["status_code"]!, (int)task["attempt"]!, (double)task["planned_seconds"]!, (double)task["recorded_seconds"]!,
            [.. task["parts"]!.AsArray().Select(part => PartOf(farm, directory, (string)part!["filename"]!))],
            [.. task["gaps"]!.AsArray().Select(gap => (double)gap!["seconds"]!)],
            $"{task["status_text"]} {task["error_message"]} {string.Join(' ', (task["warnings"] as JsonArray ?? []).Select(warning => (string?)warning))}"))]);
    }

    private static ReportedPart PartOf(TestFarm farm, string directory, string name)
    {
        var path = Assert.Single(farm.Recordings(name), file => Path.GetFileName(Path.GetDirectoryName(file)) == directory);
        return new(name, path);
    }
}

/// <summary>A task as its cycle's report has it.</summary>
/// <param name="Camera">Its number.</param>
/// <param name="Status">0 to 9.</param>
/// <param name="Attempt">The last one.</param>
/// <param name="PlannedSeconds">To be recorded.</param>
/// <param name="RecordedSeconds">In its files.</param>
/// <param name="Parts">Its files in order.</param>
/// <param name="Gaps">Seconds between them.</param>
/// <param name="Remarks">What it says for people.</param>
internal sealed record ReportedTask(
    int Camera, int Status, int Attempt, double PlannedSeconds, double RecordedSeconds, IReadOnlyList<ReportedPart> Parts, IReadOnlyList<double> Gaps, string Remarks);

/// <summary>A file of a task.</summary>
/// <param name="Name">Its bare name.</param>
/// <param name="Path">Where it is, on whichever node.</param>
internal sealed record ReportedPart(string Name, string Path);
