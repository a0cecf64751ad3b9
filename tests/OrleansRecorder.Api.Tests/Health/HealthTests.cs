namespace OrleansRecorder.Api.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_process_is_healthy_whatever_its_cluster_does()
    {
        await using var api = await TestApi.Start();
        api.Config.Failure = api.Cycle.Failure = new TimeoutException();

        Assert.Equal("""{"status":"ok"}""", (await api.Get("/healthz")).ToJsonString());
    }

    [Fact]
    public async Task It_is_ready_when_its_cluster_answers()
    {
        await using var api = await TestApi.Start();

        Assert.Equal("""{"status":"ready"}""", (await api.Get("/readyz")).ToJsonString());
    }
}
