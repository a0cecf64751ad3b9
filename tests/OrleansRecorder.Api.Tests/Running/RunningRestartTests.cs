using OrleansRecorder.Testing;

namespace OrleansRecorder.Api.Running;

/// <summary>What the configuration remembers when the program ends.</summary>
public sealed class RunningRestartTests
{
    [Fact]
    public async Task Edits_survive_the_end_of_the_process_whether_saved_or_not_and_the_settings_of_the_host_apply()
    {
        using var folder = new TemporaryFolder();
        await using var recorder = new RunningRecorder(folder.Path, RunningFixture.Config, ("RECORDER_Api__UnfinishedTime", "epoch"));
        var api = new ApiClient(recorder.Http);
        await recorder.Start();
        await api.Ask(HttpMethod.Put, "/api/config/global", body: """{"poll_cycles":21}""");

        await recorder.Kill();
        await recorder.Start();
        Assert.Equal(21, (int)(await api.Get("/api/config/global"))["poll_cycles"]!);

        Assert.Equal(0, await recorder.Stop());
        await recorder.Start();
        Assert.Equal(21, (int)(await api.Get("/api/config/global"))["poll_cycles"]!);
        Assert.StartsWith("19", (string?)(await api.Get("/api/scheduler/status"))["end_time"]);
    }
}
