using System.Net;
using OrleansRecorder.Api.Fakes;

namespace OrleansRecorder.Api.Scheduler;

public sealed class SchedulerTests
{
    [Fact]
    public async Task Its_status_has_times_and_counts()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running with { IsRunning = false, EndedAt = new DateTimeOffset(2025, 10, 11, 6, 48, 0, TimeSpan.Zero) };

        var answer = await api.Get("/api/scheduler/status");

        Assert.Equal(
            """{"is_running":false,"start_time":"2025-10-11 14:47:08","end_time":"2025-10-11 14:48:00","total_tasks":3,"completed_tasks":1,"failed_tasks":0,"cancelled_tasks":1,"max_concurrent_used":2,"completion_rate":0.3333333333333333}""",
            answer.ToJsonString());
    }

    [Fact]
    public async Task The_cycle_is_shown_in_both_shapes()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;

        var answer = await api.Get("/api/scheduler/cycle");

        Assert.Equal(
            """
            {"scheduler_running":true,"is_running":true,"current_cycle":4,
            "cycle_info":{"start_time":"2025-10-11 14:47:08","elapsed_seconds":25,"total_duration":60,"progress_percentage":41.67},
            "cycle_progress":{"elapsed_seconds":25,"total_seconds":60,"progress_percentage":41.67},
            "scheduler_stats":{"total_tasks":3,"completed_tasks":1,"failed_tasks":0,"cancelled_tasks":1,"max_concurrent_used":2,"completion_rate":0.3333333333333333},
            "active_tasks":[{"stream_index":1,"status":3,"progress_seconds":12,"target_duration":20}]}
            """.ReplaceLineEndings(""),
            answer.ToJsonString());
    }

    [Fact]
    public async Task Before_the_first_cycle_there_is_nothing_to_show()
    {
        await using var api = await TestApi.Start();

        var answer = await api.Get("/api/scheduler/cycle");

        Assert.Equal("""{"start_time":"","elapsed_seconds":0,"total_duration":0,"progress_percentage":0}""", answer["cycle_info"]!.ToJsonString());
        Assert.Empty(answer["active_tasks"]!.AsArray());
    }

    [Fact]
    public async Task It_starts_once_and_stops_once()
    {
        await using var api = await TestApi.Start();

        var stopped = await api.Fail(HttpMethod.Post, "/api/scheduler/stop", HttpStatusCode.Conflict);
        Assert.Equal(("Conflict", "调度器未在运行"), ((string?)stopped["error"], (string?)stopped["message"]));

        var start = await api.Ask(HttpMethod.Post, "/api/scheduler/start");
        Assert.Equal((true, "调度器启动成功", true), ((bool)start["success"]!, (string?)start["message"], (bool)start["is_running"]!));

        var running = await api.Fail(HttpMethod.Post, "/api/scheduler/start", HttpStatusCode.Conflict);
        Assert.Equal("调度器已经在运行中", (string?)running["message"]);

        var stop = await api.Ask(HttpMethod.Post, "/api/scheduler/stop");
        Assert.Equal((true, "调度器停止成功", false), ((bool)stop["success"]!, (string?)stop["message"], (bool)stop["is_running"]!));
    }
}
