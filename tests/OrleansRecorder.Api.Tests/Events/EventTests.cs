using System.Net.Sockets;
using System.Text;
using OrleansRecorder.Api.Fakes;
using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Events;

public sealed class EventTests
{
    [Fact]
    public async Task A_listener_first_hears_that_it_must_read_and_then_every_change()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        using var events = await EventReader.Open(api.Http);
        Assert.Equal("connected", (string?)(await events.Next("resync"))["reason"]);

        api.Cycle.Show(api.Cycle.Snapshot.With(1, task => task with { RecordedSeconds = 13 }));
        var progress = await events.Next("task");
        Assert.Equal((1, 13), ((int)progress["task_id"]!, (int)progress["progress"]!));

        api.Cycle.Show(api.Cycle.Snapshot.With(1, task => task with { Status = CaptureStatus.Completed }) with
        {
            Statistics = api.Cycle.Snapshot.Statistics with { Completed = 2 },
        });
        Assert.Equal(2, (int)(await events.Next("cycle"))["scheduler_stats"]!["completed_tasks"]!);
        Assert.Equal("已完成", (string?)(await events.Next("task"))["status_text"]);
    }

    [Fact]
    public async Task A_listener_is_not_told_to_read_before_changes_can_be_seen()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        api.Cycle.Failure = new TimeoutException();
        using var events = await EventReader.Open(api.Http);
        await Until(() => Task.FromResult(api.Cycle.Looks >= 1));
        var connected = events.Next("resync");
        Assert.False(connected.IsCompleted);

        api.Cycle.Failure = null;
        await connected;
    }

    [Fact]
    public async Task A_new_cycle_is_told_with_all_its_tasks()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        using var events = await EventReader.Open(api.Http);
        await events.Next("resync");

        api.Cycle.Show(api.Cycle.Snapshot with { Cycle = 5 });

        Assert.Equal(5, (int)(await events.Next("cycle"))["current_cycle"]!);
        for (var i = 0; i < 3; i++) Assert.Equal(i, (int)(await events.Next("task"))["task_id"]!);
    }

    [Fact]
    public async Task Every_listener_hears_the_same_in_its_own_language_from_one_look_a_second()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        using var chinese = await EventReader.Open(api.Http);
        using var english = await EventReader.Open(api.Http, "en");
        await chinese.Next("resync");
        await english.Next("resync");

        var before = api.Cycle.Looks;
        api.Cycle.Show(api.Cycle.Snapshot.With(1, task => task with { Message = new LocalizedText("断开", "broken off") }));

        Assert.Equal("断开", (string?)(await chinese.Next("task"))["error_message"]);
        Assert.Equal("broken off", (string?)(await english.Next("task"))["error_message"]);
        Assert.InRange(api.Cycle.Looks - before, 1, 3);
    }

    [Fact]
    public async Task Nobody_looks_while_nobody_listens()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        using (var events = await EventReader.Open(api.Http))
        {
            await events.Next("resync");
            }

        await Until(() => Unchanged(() => api.Cycle.Looks));
    }

    [Fact]
    public async Task A_listener_stays_through_a_failure_and_hears_what_it_missed()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        using var events = await EventReader.Open(api.Http);
        await events.Next("resync");

        api.Cycle.Failure = new TimeoutException();
        var looks = api.Cycle.Looks;
        await Until(() => Task.FromResult(api.Cycle.Looks > looks));
        api.Cycle.Show(api.Cycle.Snapshot with { IsRunning = false });
        api.Cycle.Failure = null;

        Assert.False((bool)(await events.Next("cycle"))["is_running"]!);
    }

    [Fact]
    public async Task A_listener_that_does_not_read_does_not_hold_up_the_others()
    {
        await using var api = await TestApi.Start();
        var many = Enumerable.Range(0, 5000).Select(i => SampleCycle.Running.Tasks[1] with { TaskId = i }).ToArray();
        api.Cycle.Snapshot = SampleCycle.Running with { Tasks = many };
        using var deaf = new TcpClient { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync(System.Net.IPAddress.Loopback, api.Address.Port);
        await deaf.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n"));
        using var events = await EventReader.Open(api.Http);
        await events.Next("resync");

        for (var round = 1; round <= 3; round++)
        {
            api.Cycle.Show(api.Cycle.Snapshot with { Tasks = [.. api.Cycle.Snapshot.Tasks.Select(task => task with { Bytes = task.Bytes + 1 })] });
            for (var i = 0; i < many.Length; i++) await events.Next("task");
        }
    }

    [Fact]
    public async Task The_stream_ends_when_the_host_stops()
    {
        await using var api = await TestApi.Start();
        using var events = await EventReader.Open(api.Http);
        await events.Next("resync");

        await api.Stop().WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Null(await events.Next());
    }

    private static async Task<bool> Unchanged(Func<int> value)
    {
        var before = value();
        await Task.Delay(2200);
        return value() == before;
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await condition()) return;
            await Task.Delay(50);
        }

        Assert.Fail("it did not happen within 10 s");
    }
}
