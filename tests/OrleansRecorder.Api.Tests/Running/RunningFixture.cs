using System.Text.Json.Nodes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Api.Running;

/// <summary>The program running over a folder of its own, with two streams configured, for one test class. Its scheduler stands still.</summary>
public sealed class RunningFixture : IAsyncLifetime
{
    /// <summary>What <c>config.json</c> holds at first; the user's own field <c>site</c> is none that the recorder knows.</summary>
    internal const string Config = """
        {
          "global_config": {
            "total_poll_duration_seconds": 60,
            "max_concurrent_streams": 2,
            "output_directory": "./output",
            "report_filename": "rtsp_report.json",
            "connection_timeout_seconds": 3,
            "read_timeout_seconds": 5,
            "poll_cycles": 3,
            "cycle_interval_seconds": 30,
            "site": "南京"
          },
          "streams": [
            { "rtsp_url": "rtsp://admin:s3cret@127.0.0.1:9/stream1", "duration_seconds": 15, "weight": 1.0, "output_filename": "test_stream1.mp4" },
            { "rtsp_url": "rtsp://127.0.0.1:9/stream2", "duration_seconds": 20, "weight": 1.5, "output_filename": "test_stream2.mp4", "place": "门口" }
          ]
        }
        """;

    private readonly TemporaryFolder _folder = new();

    private RunningRecorder? _recorder;

    internal RunningRecorder Recorder => _recorder ?? throw new InvalidOperationException("the recorder does not run");

    /// <summary>The recorder's own folder; the configuration's directory.</summary>
    internal string Folder => _folder["site"];

    internal ApiClient Api => new(Recorder.Http);

    /// <summary>A path beside the recorder's folder: outside everything that it may touch.</summary>
    internal string Outside(string name) => _folder[name];

    /// <summary>Puts a file into a cycle directory by hand.</summary>
    internal string Put(string timestamp, string filename, byte[] content)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Recorder.Output, timestamp)).FullName, filename);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Asks until the answer is as wanted, for ten seconds.</summary>
    internal async Task<JsonObject> Until(string path, Func<JsonObject, bool> wanted)
    {
        JsonObject? answer = null;
        for (var i = 0; i < 100; i++)
        {
            answer = await Api.Get(path);
            if (wanted(answer)) return answer;
            await Task.Delay(100);
        }

        throw new TimeoutException($"{path} still answers {ApiClient.Text(answer)}");
    }

    /// <inheritdoc/>
    public async Task InitializeAsync() => _recorder = await RunningRecorder.Start(Directory.CreateDirectory(Folder).FullName, Config);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_recorder is not null) await _recorder.DisposeAsync();
        _folder.Dispose();
    }
}
