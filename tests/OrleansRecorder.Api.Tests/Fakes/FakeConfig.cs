using System.Text.Json.Nodes;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Fakes;

/// <summary>A configuration in memory that believes everything, unless a test says what it answers.</summary>
internal sealed class FakeConfig : IConfigGrain
{
    public JsonObject Document { get; set; } = JsonNode.Parse("""
        {
          "global_config": {
            "total_poll_duration_seconds": 60, "max_concurrent_streams": 2, "output_directory": "./output", "report_filename": "rtsp_report.json",
            "connection_timeout_seconds": 3, "read_timeout_seconds": 5, "poll_cycles": 3, "cycle_interval_seconds": 30
          },
          "streams": [
            { "rtsp_url": "rtsp://example.com/stream1", "duration_seconds": 15, "weight": 1.0, "output_filename": "test_stream1.mp4" },
            { "rtsp_url": "rtsp://example.com/stream2", "duration_seconds": 20, "weight": 1.5, "output_filename": "test_stream2.mp4", "place": "门口" }
          ]
        }
        """)!.AsObject();

    public LocalizedText[] Warnings { get; set; } = [];

    /// <summary>What the next edits answer instead of doing anything.</summary>
    public (ConfigResult Result, LocalizedText[] Problems)? Refusal { get; set; }

    /// <summary>What every call throws.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The text that the last edit brought.</summary>
    public string? LastText { get; private set; }

    public Task<ConfigVersion> Get() => Failure is null ? Task.FromResult(Current()) : Task.FromException<ConfigVersion>(Failure);

    public Task<ConfigOutcome> Replace(string document) => Edit(document, () => Document = Parse(document));

    public Task<ConfigOutcome> UpdateGlobal(string patch) => Edit(patch, () => Merge(Document["global_config"]!.AsObject(), Parse(patch)));

    public Task<ConfigOutcome> AddStream(string stream) => Edit(stream, () => Streams.Add(Parse(stream)), Streams.Count);

    public Task<ConfigOutcome> UpdateStream(int index, string patch) => Existing(index, () => Edit(patch, () => Merge(Streams[index]!.AsObject(), Parse(patch)), index));

    public Task<ConfigOutcome> DeleteStream(int index) => Existing(index, () => Edit(null, () => Streams.RemoveAt(index), index));

    public Task<ConfigOutcome> Save(string? path) => Edit(path, () => { }, path: path ?? "config.json");

    public Task<ConfigOutcome> Reload() => Edit(null, () => { }, path: "config.json");

    private JsonArray Streams => Document["streams"]!.AsArray();

    private static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch) into[name] = value?.DeepClone();
    }

    private ConfigVersion Current() => new(1, Document.ToJsonString(), Warnings);

    private Task<ConfigOutcome> Existing(int index, Func<Task<ConfigOutcome>> edit) => index < Streams.Count
        ? edit()
        : Task.FromResult(new ConfigOutcome { Result = ConfigResult.NoSuchStream, Current = Current(), StreamIndex = index });

    private Task<ConfigOutcome> Edit(string? text, Action edit, int index = -1, string path = "")
    {
        if (Failure is not null) return Task.FromException<ConfigOutcome>(Failure);
        LastText = text;
        if (Refusal is { } refusal) return Task.FromResult(new ConfigOutcome { Result = refusal.Result, Problems = refusal.Problems, Current = Current(), StreamIndex = index });
        edit();
        return Task.FromResult(new ConfigOutcome { Result = ConfigResult.Ok, Current = Current(), StreamIndex = index, FilePath = path });
    }
}
