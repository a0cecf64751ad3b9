using OrleansRecorder.Cameras;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary><c>kill -9</c> of each kind of process at random moments over 20 cycles and more.</summary>
public sealed class KilledProcessTests(ITestOutputHelper output)
{
    private const int CameraCount = 8;
    private const int Limit = 6;
    private const int LongCameras = 4;
    private const int LongDuration = 8;
    private const int ShortDuration = 4;
    private const int KillsOfEachKind = 5;
    private const double LostTail = 2;

    // By how much the clock of a file, which ends with its last picture, may differ from what the capture counted.
    private const double PictureTime = 0.25;

    // Four slots with a long capture each, two with two short ones, a pause of a second, and what planning and connecting take.
    private static readonly TimeSpan UndisturbedCycle = TimeSpan.FromSeconds(LongDuration + 2);
    private static readonly TimeSpan FailOverLimit = TimeSpan.FromSeconds(15);

    // A camera begins with its next key frame, and goes through a queue or two on its way into a file.
    private static readonly double KeyFrameWait = ((double)CountingCameras.KeyFrameInterval / CountingCameras.FrameRate) + 0.5;

    private static readonly TestFarmOptions Farm = new()
    {
        Silos = 3, Apis = 2, HasNginx = true, Cameras = CameraCount, Camera = CountingCameras.Camera,
        Config = urls => CountingCameras.With(
            FarmConfig.Of(urls, total: 60, concurrent: Limit, duration: ShortDuration, cycles: -1, interval: 1),
            [.. Enumerable.Range(1, LongCameras).Select(camera => (camera, (double)LongDuration, 1.0))]),
    };

    [Fact]
    public Task No_cycle_is_skipped_and_nothing_is_recorded_twice_or_lost_but_for_the_fail_over_whatever_is_killed() => TestFarm.Run(Farm, async farm =>
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("RECORDER_KILL_SEED"), out var given) ? given : Random.Shared.Next(100_000);
        Say($"seed {seed} (RECORDER_KILL_SEED)");
        await farm.Http.Post("/api/scheduler/start");

        List<Kill> kills = [];
        var killer = new Killer(farm);
        var cycle = 0L;
        foreach (var plan in KillPlan.Draw(seed, KillsOfEachKind, UndisturbedCycle))
        {
            cycle = await NextCycle(farm, cycle);
            kills.Add(await killer.Do(plan));
            Say($"cycle {cycle}: {plan.Victim} {kills[^1].Name} killed {plan.After.TotalSeconds:0.0} s into it, for {plan.Down.TotalSeconds:0.0} s; served again after {kills[^1].Service.TotalSeconds:0.0} s");
        }

        // Two cycles in peace: for so long files and reports of a cycle are seen to that were on a node which was away.
        var last = await NextCycle(farm, cycle);
        await NextCycle(farm, await NextCycle(farm, last));
        await farm.Http.Post("/api/scheduler/stop");
        await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]!);

        farm.Cameras.MustKeepTheLimit(Limit);
        var reports = await ReportedCycle.Of(farm);
        for (var number = 1L; number <= last + 1; number++)
        {
            Assert.True(reports.ContainsKey(number), $"cycle {number} has no report");
            Assert.Equal(CameraCount, reports[number].Tasks.Count);
            Assert.All(reports[number].Tasks, task => Assert.True(task.Status == 4 && task.PlannedSeconds == DurationOf(task.Camera), $"cycle {number}: {task}"));
        }

        Assert.InRange(last, 20, long.MaxValue);
        MustTakeUpWhatWasBroken(farm, kills, reports);
        var table = FailOverTable.Of(kills);
        Say(table);
        await File.WriteAllTextAsync(TestFarm.Artifact("fail-over.md"), table);
        for (var number = 1L; number <= last + 1; number++)
        {
            foreach (var task in reports[number].Tasks) await MustHaveAllButTheTail(farm, reports[number], task, farm.Cameras.SessionsOf(task, reports[number], reports.GetValueOrDefault(number + 1)));
        }

        Assert.All(farm.Silos, silo => Assert.Empty(Directory.GetFiles(farm.ArchiveOf(silo.Name), "*.recording", SearchOption.AllDirectories)));
        await Decoding.MustBeSound(farm.Recordings());
        Assert.All(farm.Processes, process => Assert.True(process.IsRunning, $"{process.Name} has ended"));
        Assert.All(kills.SelectMany(kill => kill.Captures), time => Assert.InRange(time, TimeSpan.Zero, FailOverLimit));
    });

    private static async Task<long> NextCycle(TestFarm farm, long after) =>
        (long)(await farm.Http.Until("/api/scheduler/cycle", cycle => (long)cycle["current_cycle"]! > after, 240))["current_cycle"]!;

    // A capture that had all but a second when it was broken is done; every other one is taken up within its cycle.
    private static void MustTakeUpWhatWasBroken(TestFarm farm, List<Kill> kills, IReadOnlyDictionary<long, ReportedCycle> reports)
    {
        var sessions = farm.Cameras.ReadStatistics().Sessions;
        foreach (var kill in kills)
        {
            foreach (var broken in BrokenCaptures.Of(kill, sessions))
            {
                Assert.True(kill.Victim is Victim.Silo or Victim.CycleHolder, $"{kill} broke {broken.Ended}");
                var report = reports.Values.Where(r => r.StartOf() <= kill.At).MaxBy(r => r.Number)!;
                var task = report.Tasks.Single(t => t.Camera == broken.Ended.Camera);
                if (task.Attempt > 1) kill.Captures.Add((broken.Next?.StartedAt ?? DateTimeOffset.MaxValue) - kill.At);
                else Assert.True(LengthOf(broken.Ended) > DurationOf(task.Camera) - 1, $"cycle {report.Number}: {task}\n{broken.Ended}");
            }
        }
    }

    // What the camera has sent and no file has is at most a tail a broken session, and what came before the first key frame; and the report knows of every pause.
    private static async Task MustHaveAllButTheTail(TestFarm farm, ReportedCycle report, ReportedTask task, SessionRecord[] sessions)
    {
        var story = $"cycle {report.Number}: {task}\n{string.Join('\n', sessions.AsEnumerable())}";
        Assert.True(task.Parts.Count > 0, story);
        Assert.True(task.Gaps.Count == task.Parts.Count - 1, story);
        Assert.True(sessions.Length >= task.Parts.Count, story);
        var broken = sessions.Count(session => session.Reason != BrokenCaptures.Teardown);
        Assert.True(task.RecordedSeconds > task.PlannedSeconds - 1 - (broken * LostTail), story);
        if (broken == 0 && sessions.Length == 1) return;

        var lost = (Math.Max(broken, sessions.Length - 1) * LostTail) + (sessions.Length * KeyFrameWait);
        var sent = sessions.Sum(LengthOf);
        var kept = 0.0;
        foreach (var part in task.Parts) kept += await Mp4File.Duration(part.Path);
        Assert.True(sent - kept < lost, $"{sent:0.0} s were sent, {kept:0.0} s are in files\n{story}");
        Assert.True(Math.Abs(kept - task.RecordedSeconds) < PictureTime * task.Parts.Count, $"{kept:0.000} s are in files\n{story}");

        var pauses = sessions.Zip(sessions.Skip(1), (session, next) => (next.StartedAt - session.EndedAt!.Value).TotalSeconds).Sum();
        for (var n = 0; n < task.Gaps.Count; n++)
        {
            var missing = await PictureGaps.Between(task, task.Parts[n], task.Parts[n + 1]);
            Assert.True(Math.Abs(Math.IEEERemainder(missing - task.Gaps[n], PictureGaps.Round)) < 1, $"{missing:0.0} s are missing, the report says {task.Gaps[n]}\n{story}");
            Assert.True(missing < pauses + lost, $"{missing:0.0} s are missing\n{story}");
        }

        // The pictures tell a gap but for whole rounds of their counter, the cameras how long nobody watched.
        if (task.Gaps.Count > 0) Assert.True(task.Gaps.Sum() > pauses - 1 && task.Gaps.Sum() < pauses + lost + 1, $"{pauses:0.0} s of pauses\n{story}");
    }

    private static int DurationOf(int camera) => camera <= LongCameras ? LongDuration : ShortDuration;

    private static double LengthOf(SessionRecord session) => (session.EndedAt!.Value - session.StartedAt).TotalSeconds;

    private void Say(string text)
    {
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
