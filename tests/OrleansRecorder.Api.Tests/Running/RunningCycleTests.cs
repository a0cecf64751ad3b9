using System.Net;
using System.Text.Json.Nodes;
using OrleansRecorder.Api.Events;
using OrleansRecorder.Cameras;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Api.Running;

/// <summary>Every row of the tasks' and the scheduler's tables, over one real cycle of simulated cameras.</summary>
public sealed class RunningCycleTests
{
    private static readonly string[] TaskFields =
    [
        "task_id", "stream_index", "rtsp_url", "output_file", "duration_seconds", "status", "status_code", "status_text", "status_name", "start_time", "end_time",
        "progress", "bytes_received", "frames_received", "error_message", "node", "attempt", "codec", "width", "height", "first_frame_ms", "warnings",
    ];

    [Fact]
    public async Task A_cycle_is_shown_from_its_start_to_its_reports()
    {
        await using var cameras = CameraServer.Start();
        var open = cameras.Add(new CameraOptions { Number = 1 });
        var locked = cameras.Add(new CameraOptions { Number = 2, User = "admin", Password = "s3cret" });
        await cameras.PrepareAsync();
        using var folder = new TemporaryFolder();
        await using var recorder = await RunningRecorder.Start(folder.Path, RunningRecorder.Config([open.Url, locked.Url], totalSeconds: 20, concurrent: 2, durationSeconds: 6));
        var api = new ApiClient(recorder.Http);

        await NothingRunsYet(api);
        using var events = await EventReader.Open(recorder.Http);
        await events.Next("resync");
        var start = await api.Ask(HttpMethod.Post, "/api/scheduler/start");
        Assert.Equal((true, "调度器启动成功", true), ((bool)start["success"]!, (string?)start["message"], (bool)start["is_running"]!));
        Assert.Equal("调度器已经在运行中", (string?)(await api.Fail(HttpMethod.Post, "/api/scheduler/start", HttpStatusCode.Conflict))["message"]);

        await recorder.Until("/api/tasks/status", status => status["tasks"]!.AsArray() is { Count: 2 } tasks && tasks.All(task => (int)task!["status"]! == 3));
        await TwoTasksRecord(api, recorder.Output, open.Address);
        await WhatIsWrittenIsInUse(api);
        Assert.Contains("task", await Heard(events, 2));

        await recorder.Until("/api/tasks/status", status => (int)status["completed_tasks"]! == 2);
        await recorder.Until("/api/scheduler/status", status => !(bool)status["is_running"]!);
        var directory = await RecordingsAreListed(recorder, locked.Address);
        await ReportsAreServed(recorder, directory);
        await api.Fail(HttpMethod.Post, "/api/scheduler/stop", HttpStatusCode.Conflict);
        Assert.DoesNotContain("s3cret", recorder.Log);
    }

    [Fact]
    public async Task A_stop_ends_the_cycle_within_seconds_and_keeps_what_was_recorded()
    {
        await using var cameras = CameraServer.Start();
        var camera = cameras.Add(new CameraOptions { Number = 1 });
        await cameras.PrepareAsync();
        using var folder = new TemporaryFolder();
        await using var recorder = await RunningRecorder.Start(folder.Path, RunningRecorder.Config([camera.Url], totalSeconds: 60, concurrent: 1, durationSeconds: 50), "--start");
        var api = new ApiClient(recorder.Http);
        await recorder.Until("/api/tasks/status", status => status["tasks"]!.AsArray() is [{ } task] && (int)task["progress"]! >= 1);

        var stop = await api.Ask(HttpMethod.Post, "/api/scheduler/stop");

        Assert.Equal((true, "调度器停止成功", false), ((bool)stop["success"]!, (string?)stop["message"], (bool)stop["is_running"]!));
        Assert.Equal("调度器未在运行", (string?)(await api.Fail(HttpMethod.Post, "/api/scheduler/stop", HttpStatusCode.Conflict))["message"]);
        var status = await api.Get("/api/tasks/status");
        Assert.Equal((false, 1), ((bool)status["scheduler_running"]!, (int)status["cancelled_tasks"]!));
        Assert.NotEqual("", (string?)(await api.Get("/api/scheduler/status"))["end_time"]);
        Assert.Equal(1, (int)(await recorder.Until("/api/videos", all => (int)all["count"]! == 1))["count"]!);
    }

    private static async Task NothingRunsYet(ApiClient api)
    {
        Assert.Equal("调度器未在运行", (string?)(await api.Fail(HttpMethod.Post, "/api/scheduler/stop", HttpStatusCode.Conflict))["message"]);
        Assert.Equal("""{"is_running":false,"start_time":"","end_time":"","total_tasks":0,"completed_tasks":0,"failed_tasks":0,"cancelled_tasks":0,"max_concurrent_used":0,"completion_rate":0}""",
            ApiClient.Text(await api.Get("/api/scheduler/status")));
        Assert.Empty((await api.Get("/api/tasks"))["tasks"]!.AsArray());
    }

    private static async Task TwoTasksRecord(ApiClient api, string output, string address)
    {
        var list = await api.Get("/api/tasks");
        Assert.Equal((2, 2, 2, true), ((int)list["count"]!, (int)list["total_tasks"]!, (int)list["max_concurrent_used"]!, (bool)list["scheduler_running"]!));
        Assert.StartsWith("调度方案: 2个任务\n任务 0: 0秒开始, 持续 6秒", (string?)list["schedule_info"]);
        var task = list["tasks"]![0]!.AsObject();
        Assert.Equal(TaskFields, task.Select(field => field.Key));
        Assert.Equal((0, address, 6, 3, "录制中", "", "node-1", "h264", 320), ((int)task["stream_index"]!, (string?)task["rtsp_url"], (int)task["duration_seconds"]!, (int)task["status_code"]!,
            (string?)task["status_name"], (string?)task["end_time"], (string?)task["node"], (string?)task["codec"], (int)task["width"]!));
        Assert.Matches($"^{output}/[0-9]{{8}}_[0-9]{{6}}/camera1.mp4$", (string?)task["output_file"]);

        var cycle = await api.Get("/api/scheduler/cycle");
        Assert.Equal((true, true, 1, 20, 20), ((bool)cycle["scheduler_running"]!, (bool)cycle["is_running"]!, (int)cycle["current_cycle"]!,
            (int)cycle["cycle_info"]!["total_duration"]!, (int)cycle["cycle_progress"]!["total_seconds"]!));
        Assert.Equal(2, (int)cycle["scheduler_stats"]!["total_tasks"]!);
        Assert.All(cycle["active_tasks"]!.AsArray(), active => Assert.Equal((3, 6), ((int)active!["status"]!, (int)active["target_duration"]!)));
    }

    private static async Task WhatIsWrittenIsInUse(ApiClient api)
    {
        var file = (string)(await api.Get("/api/tasks"))["tasks"]![0]!["output_file"]!;
        var directory = Path.GetFileName(Path.GetDirectoryName(file))!;

        Assert.Equal(0, (int)(await api.Get("/api/videos"))["count"]!);
        var answer = await api.Fail(HttpMethod.Delete, "/api/video?path=" + file, HttpStatusCode.Conflict);
        Assert.Equal((false, file), ((bool)answer["success"]!, (string?)answer["path"]));
        answer = await api.Fail(HttpMethod.Delete, "/api/timestamp/" + directory, HttpStatusCode.Conflict);
        Assert.Equal((false, directory), ((bool)answer["success"]!, (string?)answer["timestamp"]));
    }

    private static async Task<string> RecordingsAreListed(RunningRecorder recorder, string lockedAddress)
    {
        // How a task ended is known once its cycle's report has been read.
        var list = await recorder.Until("/api/videos", all => all["videos"]!.AsArray() is { Count: 2 } videos && videos.All(v => v!["status_code"] is not null));
        Assert.Equal(["camera1.mp4", "camera2.mp4"], list["videos"]!.AsArray().Select(v => (string?)v!["filename"]));
        var video = list["videos"]![1]!;
        Assert.Equal(("node-1", lockedAddress, 4, "2"), ((string?)video["node"], (string?)video["rtsp_url"], (int)video["status_code"]!, (string?)video["stream_index"]));
        Assert.InRange((double)video["duration_seconds"]!, 5, 7);
        return (string)video["timestamp_dir"]!;
    }

    private static async Task ReportsAreServed(RunningRecorder recorder, string directory)
    {
        var report = JsonNode.Parse(await recorder.Http.GetStringAsync($"/api/reports/{directory}/rtsp_report.json"))!.AsObject();
        Assert.Equal(["cycle", "settings", "statistics", "tasks"], report.Select(field => field.Key));
        Assert.Contains("camera1.mp4", await recorder.Http.GetStringAsync($"/api/reports/{directory}/report.txt"));
        var table = await recorder.Http.GetByteArrayAsync($"/api/reports/{directory}/streams.csv");
        Assert.Equal([0xEF, 0xBB, 0xBF], table[..3]);
        await new ApiClient(recorder.Http).Fail(HttpMethod.Get, $"/api/reports/{directory}/other.txt", HttpStatusCode.NotFound);
    }

    private static async Task<HashSet<string>> Heard(EventReader events, int count)
    {
        HashSet<string> heard = [];
        for (var i = 0; i < count; i++) heard.Add((await events.Next())!.Value.Name);
        while (!heard.Contains("task")) heard.Add((await events.Next())!.Value.Name);
        return heard;
    }
}
