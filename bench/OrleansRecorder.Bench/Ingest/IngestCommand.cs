using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Bench.Ingest;

/// <summary><c>bench ingest</c>: our own ingest against ffmpeg, libavformat and a floor in C, on the same simulated cameras in one run.</summary>
internal static class IngestCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IncludeFields = true };

    public static Command Create()
    {
        var rows = new Option<string>("--rows") { Description = $"Which, in this order: {Row.Names}.", DefaultValueFactory = _ => Row.Names };
        var ways = new Option<string?>("--ways") { Description = "Only ways whose names hold one of these words, separated by commas." };
        var seconds = new Option<int>("--seconds") { Description = "Length of each window that is measured.", DefaultValueFactory = _ => 30 };
        var cycles = new Option<int>("--cycles") { Description = $"How often to connect, record and stop, in steps of {CyclesWorker.Step}; at most {CyclesWorker.Step} leave nothing to compare.", DefaultValueFactory = _ => 1000 };
        var unchecked_ = new Option<bool>("--no-check") { Description = "Do not decode the files." };
        var folder = new Option<string?>("--folder") { Description = "Where to record; a temporary folder unless told otherwise." };
        var json = new Option<string?>("--json") { Description = "Also write the figures into this file." };
        var command = new Command("ingest", "CPU and memory a stream, starts and churn: our ingest against ffmpeg, libavformat and a floor in C.") { rows, ways, seconds, cycles, unchecked_, folder, json };
        command.SetAction(async (parsed, stop) =>
        {
            var window = new Window(parsed.GetValue(seconds), !parsed.GetValue(unchecked_), parsed.GetValue(folder), parsed.GetValue(rows)!.Split(','), parsed.GetValue(ways)?.Split(',') ?? [""], parsed.GetValue(cycles));
            if (window.Problem is { } problem) throw new ArgumentException(problem);
            var (figures, churn) = await Run(window, stop);
            Console.WriteLine();
            Console.WriteLine(Figures.Table(figures));
            var bounds = Bounds.Of(figures, churn, window);
            foreach (var bound in bounds) Console.WriteLine(bound);
            if (parsed.GetValue(json) is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { figures, churn, bounds }, Indented), stop);
            return bounds.TrueForAll(bound => bound.IsHeld) ? 0 : 1;
        });
        return command;
    }

    private static async Task<(List<Figures> Figures, List<Holdings> Churn)> Run(Window window, CancellationToken stop)
    {
        var figures = new List<Figures>();
        var churn = new List<Holdings>();
        foreach (var name in window.Rows)
        {
            if (name == Row.Cycles)
            {
                churn.AddRange(await Churn(window, stop));
                continue;
            }

            var row = Row.All.First(row => row.Name == name);
            Console.WriteLine($"{row.Load.Name}: preparing the cameras ...");
            await using var server = await row.Load.Start(stop);
            foreach (var way in row.Ways.Where(window.Has))
            {
                if (way.Missing is { } missing) Console.WriteLine($"  {way.Name}: left out, there is no {missing}");
                else figures.Add(await Measure(server, row.Load, way, window, stop));
            }
        }

        return (figures, churn);
    }

    private static async Task<Figures> Measure(CameraServer server, Load load, Way way, Window window, CancellationToken stop)
    {
        using var folder = window.CreateFolder();
        Console.Write($"  {way.Name} ...");
        server.ResetStatistics();
        using var running = await way.Start([.. server.Cameras.Select(camera => camera.Url)], folder.Path, stop);
        await Task.Delay(way.Settle, stop);
        var pids = running.Processes.Select(process => process.Id).ToArray();
        var ingestBefore = pids.Sum(IngestThreads);
        var clock = TimeProvider.System.GetTimestamp();
        var (before, sourceBefore) = (pids.Sum(ProcessMeter.CpuSeconds), ProcessMeter.CpuSeconds(Environment.ProcessId));
        await Task.Delay(TimeSpan.FromSeconds(window.Seconds), stop);
        var (after, sourceAfter) = (pids.Sum(ProcessMeter.CpuSeconds), ProcessMeter.CpuSeconds(Environment.ProcessId));
        var seconds = TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
        var holdings = pids.Select(ProcessMeter.Holdings).ToArray();
        var ingestAfter = pids.Sum(IngestThreads);
        var (endedEarly, errors) = await running.Stop(way == Way.FFmpeg ? "q" : "", stop);
        var files = way.MakesRecordings && window.Checks
            ? await FileCheck.Run(folder.Path, await EndedSessions(server, stop), (int)(window.Seconds + way.Settle.TotalSeconds) * Load.FrameRate, server.Cameras[0].FramesPerLoop, stop)
            : null;
        var figures = new Figures
        {
            Load = load,
            Way = way.Name,
            Cores = (after - before) / seconds,
            SourceCores = (sourceAfter - sourceBefore) / seconds,
            Megabytes = holdings.Sum(h => h.Megabytes),
            AnonymousMegabytes = holdings.Sum(h => h.AnonymousMegabytes),
            Threads = holdings.Sum(h => h.Threads),
            IngestThreads = Math.Max(ingestBefore, ingestAfter),
            EndedEarly = endedEarly,
            WrittenMs = running.WrittenMs,
            Files = files,
            Errors = string.Join('\n', errors.Split('\n').Take(5)),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $" {figures.CpuMs:0.00} ms a stream, {figures.Cores:0.000} cores, {files?.Whole} files whole"));
        if (files?.Problem is { } problem) Console.WriteLine($"    {problem}");
        if (figures.Errors.Length > 0) Console.WriteLine($"    {figures.Errors}");
        return figures;
    }

    private static int IngestThreads(int pid) => ProcessMeter.ThreadsNamed(pid, "ingest ");

    private static async Task<SessionRecord[][]> EndedSessions(CameraServer server, CancellationToken stop)
    {
        // The cameras read what the clients said last a tick later.
        while (server.Sessions.Playing > 0) await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        var sessions = server.ReadStatistics().Sessions.ToLookup(session => session.Camera);
        return [.. server.Cameras.Select(camera => sessions[camera.Number].ToArray())];
    }

    private static async Task<List<Holdings>> Churn(Window window, CancellationToken stop)
    {
        Console.WriteLine($"{window.Cycles} cycles of connecting, recording and stopping ...");
        await using var server = await new Load(25, 1000).Start(stop);
        using var folder = window.CreateFolder();
        var list = Path.Combine(folder.Path, "urls.txt");
        await File.WriteAllLinesAsync(list, server.Cameras.Select(camera => camera.Url), stop);
        using var worker = Way.Launch(Environment.ProcessPath!, Environment.GetCommandLineArgs()[0], "cycles-worker", list, folder.Path, window.Cycles.ToString(CultureInfo.InvariantCulture));
        var errors = worker.StandardError.ReadToEndAsync(stop);
        var churn = new List<Holdings>();
        while (await worker.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            churn.Add(JsonSerializer.Deserialize<Holdings>(line)!);
            Console.WriteLine($"  {churn[^1]}");
        }

        await worker.WaitForExitAsync(stop);
        if ((await errors).Trim() is { Length: > 0 } said) Console.WriteLine($"  {said}");
        return churn;
    }
}
