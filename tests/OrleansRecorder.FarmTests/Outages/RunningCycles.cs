using System.Diagnostics;
using Npgsql;
using OrleansRecorder.FarmTests.FailOver;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Outages;

/// <summary>A farm that records cycle after cycle while parts of it go away, watched from outside: through the cameras, the API and the database.</summary>
/// <param name="farm">The farm.</param>
/// <param name="limit">K.</param>
internal sealed class RunningCycles(TestFarm farm, int limit)
{
    private const int Recording = 3;

    // What a silo recorded after the last report of it that was heard, a lease at most, is recorded once more elsewhere.
    private const double SecondsUnheard = 8;

    // Of a warning about a node that was lost.
    private const string NothingKnown = "约 0 秒";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan CorrectionLimit = TimeSpan.FromSeconds(20);

    /// <summary>Starts the scheduler, through whichever API answers.</summary>
    public Task Start() => farm.Http.Post("/api/scheduler/start");

    /// <summary>A node that CycleGrain is not on.</summary>
    public async Task<FarmProcess> AnotherThanTheHolder()
    {
        var holder = await farm.HolderOfTheCycle();
        return farm.Silos.First(silo => silo != holder);
    }

    /// <summary>Waits until a node records a camera that has so many seconds to go yet; returns the numbers of all such cameras.</summary>
    public async Task<int[]> UntilItRecords(FarmProcess node, double secondsLeft)
    {
        int[] cameras = [];
        await farm.Http.Until("/api/tasks", answer =>
        {
            cameras = [.. answer["tasks"]!.AsArray()
                .Where(task => (string)task!["node"]! == node.Name && (int)task["status"]! == Recording && (double)task["duration_seconds"]! - (double)task["progress"]! >= secondsLeft)
                .Select(task => (int)task!["stream_index"]! + 1)];
            return cameras.Length > 0;
        }, (int)Patience.TotalSeconds);
        return cameras;
    }

    /// <summary>Waits until each of these cameras has been asked anew, and returns how long after that moment the last of them was.</summary>
    public async Task<TimeSpan> UntilRecordedElsewhere(int[] cameras, DateTimeOffset since)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            var sessions = farm.Cameras.ReadStatistics().Sessions.Where(session => session.StartedAt > since).ToLookup(session => session.Camera);
            if (Array.TrueForAll(cameras, camera => sessions[camera].Any())) return cameras.Max(camera => sessions[camera].Min(session => session.StartedAt)) - since;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        throw new TimeoutException($"cameras {string.Join(", ", cameras)} were not asked anew within {Patience.TotalSeconds} s");
    }

    /// <summary>Waits until the present life of a node is dead in the membership table, and returns how long after that moment it was.</summary>
    public async Task<TimeSpan> UntilDead(FarmProcess node, DateTimeOffset since)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            if ((int)(await Ask($"SELECT Status FROM OrleansMembershipTable WHERE SiloName = '{node.Name}' ORDER BY Generation DESC LIMIT 1"))! == 6) return DateTimeOffset.UtcNow - since;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        throw new TimeoutException($"{node.Name} was not declared dead within {Patience.TotalSeconds} s");
    }

    /// <summary>Waits until every node takes captures, and every silo says that it is ready.</summary>
    public async Task UntilHealed()
    {
        var clock = Stopwatch.StartNew();
        await farm.Http.Until("/api/nodes", answer => answer["nodes"]!.AsArray().Count(node => (string)node!["status"]! == "active") == farm.Silos.Count, (int)Patience.TotalSeconds);
        foreach (var silo in farm.Silos)
        {
            while (!await silo.IsReady())
            {
                if (clock.Elapsed > Patience) throw new TimeoutException($"{silo.Name} is not ready\n{silo.Tail}");
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>The number of the cycle that runs.</summary>
    public async Task<long> Cycle() => (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]!;

    /// <summary>Waits for a later cycle than this.</summary>
    public Task UntilAfter(long cycle) => farm.Http.Until("/api/scheduler/cycle", answer => (long)answer["current_cycle"]! > cycle, (int)Patience.TotalSeconds);

    /// <summary>
    /// Ends the scheduler and looks at what is left: K was kept and no camera watched twice, every recording decodes, the cycles are numbered without a gap, the
    /// reports say what is in the files, and no task has more than it was to have, as it would if a late result had counted.
    /// </summary>
    public async Task StopAndCheck()
    {
        await farm.Http.Post("/api/scheduler/stop");
        await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]!);
        farm.Cameras.MustKeepTheLimit(limit);

        Assert.NotEmpty(farm.Recordings());
        await Decoding.MustBeSound(farm.Recordings());

        var reports = await UntilTheyTellWhatIsInTheFiles();
        Assert.Equal(Enumerable.Range(1, reports.Count).Select(number => (long)number), reports.Keys.Order());
        foreach (var task in reports.Values.SelectMany(report => report.Tasks))
        {
            Assert.Equal(task.Parts.Distinct(), task.Parts);

            // CycleGrain's own silo takes along what was known of its captures: they are recorded anew, and its files count when it is back.
            var unknown = task.Remarks.Contains(NothingKnown, StringComparison.Ordinal) ? task.PlannedSeconds : 0;
            Assert.True(task.RecordedSeconds <= task.PlannedSeconds + unknown + SecondsUnheard, $"{task} has more than it was to have");
        }
    }

    // Of a node that has just come back the files are looked for, and the reports corrected, in a moment.
    private async Task<IReadOnlyDictionary<long, ReportedCycle>> UntilTheyTellWhatIsInTheFiles()
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(500)))
        {
            var reports = await ReportedCycle.Of(farm);
            string? wrong = null;
            foreach (var task in reports.Values.SelectMany(report => report.Tasks)) wrong ??= await Contradiction(task);
            if (wrong is null) return reports;
            Assert.True(clock.Elapsed < CorrectionLimit, wrong);
        }
    }

    private static async Task<string?> Contradiction(ReportedTask task)
    {
        var files = 0.0;
        foreach (var part in task.Parts) files += await Mp4File.Duration(part.Path);
        return Math.Abs(files - task.RecordedSeconds) < 1 ? null : $"{files:0.0} s are in the files of {task}";
    }

    private async Task<object?> Ask(string sql)
    {
        await using var connection = new NpgsqlConnection(farm.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
