using OrleansRecorder.Testing;

namespace OrleansRecorder.Api.Running;

/// <summary>What the configuration remembers when the program ends.</summary>
public sealed class RunningRestartTests
{
    [Fact]
    public async Task Edits_survive_the_end_of_the_process_whether_saved_or_not()
    {
        using var folder = new TemporaryFolder();
        await using var recorder = await RunningRecorder.Start(folder.Path, RunningFixture.Config);
        var api = new ApiClient(recorder.Http);
        await api.Ask(HttpMethod.Put, "/api/config/global", body: """{"poll_cycles":21}""");

        await recorder.Kill();
        await recorder.Restart();
        Assert.Equal(21, (int)(await api.Get("/api/config/global"))["poll_cycles"]!);

        await recorder.Terminate();
        Assert.Equal(0, recorder.ExitCode);
        await recorder.Restart();
        Assert.Equal(21, (int)(await api.Get("/api/config/global"))["poll_cycles"]!);
    }
}
