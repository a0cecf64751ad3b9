using System.Text.Json.Nodes;
using OrleansRecorder.Api.Fakes;

namespace OrleansRecorder.Api.Tasks;

public sealed class TaskTests
{
    [Fact]
    public async Task The_tasks_are_listed_with_the_fields_of_both_shapes()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;

        var answer = await api.Get("/api/tasks");

        Assert.Equal(
            ["count", "scheduler_running", "total_tasks", "completed_tasks", "failed_tasks", "cancelled_tasks", "max_concurrent_used", "completion_rate", "tasks", "schedule_info"],
            answer.Select(field => field.Key));
        Assert.Equal(3, (int)answer["count"]!);
        Assert.True((bool)answer["scheduler_running"]!);
        Assert.Equal(1 / 3.0, (double)answer["completion_rate"]!);
        Assert.Equal(
            """{"task_id":0,"stream_index":0,"rtsp_url":"rtsp://example.com/stream1","output_file":"./output/20251011_144708/test_stream1.mp4","duration_seconds":15,"status":4,"status_code":4,"status_text":"已完成","status_name":"完成","start_time":"2025-10-11 14:47:08","end_time":"2025-10-11 14:47:23","progress":15,"bytes_received":1024000,"frames_received":375,"error_message":"","node":"node-1","attempt":1,"codec":"h264","width":1920,"height":1080,"first_frame_ms":310,"warnings":[]}""",
            ApiClient.Text(answer["tasks"]![0]!));
        Assert.Equal("调度方案: 3个任务\n任务 0: 0秒开始, 持续 15秒\n任务 1: 5秒开始, 持续 20秒\n任务 2: 本轮没有位置", (string?)answer["schedule_info"]);
    }

    [Fact]
    public async Task The_status_has_the_same_without_count_and_plan()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;

        var list = await api.Get("/api/tasks");
        var status = await api.Get("/api/tasks/status");

        list.Remove("count");
        list.Remove("schedule_info");
        Assert.True(JsonNode.DeepEquals(list, status));
    }

    [Fact]
    public async Task A_scheduler_that_never_ran_has_no_tasks()
    {
        await using var api = await TestApi.Start();

        var answer = await api.Get("/api/tasks");

        Assert.Equal(
            """{"count":0,"scheduler_running":false,"total_tasks":0,"completed_tasks":0,"failed_tasks":0,"cancelled_tasks":0,"max_concurrent_used":0,"completion_rate":0,"tasks":[],"schedule_info":"调度方案: 0个任务"}""",
            ApiClient.Text(answer));
    }

    [Fact]
    public async Task Only_messages_follow_the_reader_s_language()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;

        var chinese = (await api.Get("/api/tasks"))["tasks"]![2]!;
        var english = (await api.Get("/api/tasks", "en"))["tasks"]![2]!;

        Assert.Equal("本轮没有位置", (string?)chinese["error_message"]);
        Assert.Equal("the cycle has no place for it", (string?)english["error_message"]);
        Assert.Equal("已取消", (string?)english["status_text"]);
    }

    [Fact]
    public async Task A_time_that_has_not_come_is_empty_or_the_epoch_as_the_host_says()
    {
        await using var empty = await TestApi.Start();
        empty.Cycle.Snapshot = SampleCycle.Running;
        Assert.Equal("", (string?)(await empty.Get("/api/tasks"))["tasks"]![1]!["end_time"]);

        await using var epoch = await TestApi.Start(settings: ("Api:UnfinishedTime", "epoch"));
        epoch.Cycle.Snapshot = SampleCycle.Running;
        Assert.Equal("1970-01-01 08:00:00", (string?)(await epoch.Get("/api/tasks"))["tasks"]![1]!["end_time"]);
        Assert.Equal("1970-01-01 08:00:00", (string?)(await epoch.Get("/api/scheduler/status"))["end_time"]);
    }

    [Fact]
    public async Task An_unknown_way_to_write_such_a_time_stops_the_host_from_starting()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestApi.Start(settings: ("Api:UnfinishedTime", "never")));

        Assert.Contains("Api:UnfinishedTime", error.Message);
    }
}
