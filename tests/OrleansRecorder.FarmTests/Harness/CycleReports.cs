using System.Text.Json.Nodes;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>The JSON reports that a farm's cycles leave on its nodes' disks.</summary>
internal static class CycleReports
{
    /// <summary>Those below a folder, by the cycle's number.</summary>
    public static IReadOnlyDictionary<long, JsonNode> Below(string folder) =>
        Directory.GetFiles(folder, "rtsp_report.json", SearchOption.AllDirectories)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!)
            .ToDictionary(report => (long)report["cycle"]!["number"]!);

    /// <summary>The tasks of a report.</summary>
    public static IReadOnlyList<JsonNode> Tasks(this JsonNode report) => [.. ((JsonArray)report["tasks"]!).Select(task => task!)];

    /// <summary>The files of a task, in their order.</summary>
    public static IReadOnlyList<JsonNode> Parts(this JsonNode task) => [.. ((JsonArray)task["parts"]!).Select(part => part!)];
}
