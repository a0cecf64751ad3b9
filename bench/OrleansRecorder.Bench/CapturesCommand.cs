using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Bench;

/// <summary><c>bench captures</c>: n captures by us, then n <c>ffmpeg -c copy</c> processes, from the same simulated cameras.</summary>
internal static class CapturesCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var streams = new Option<int>("--streams") { Description = "How many streams at once.", DefaultValueFactory = _ => 20 };
        var kilobits = new Option<int>("--kbps") { Description = "Bit rate of a stream's video in kb/s.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "Length of the window that is measured.", DefaultValueFactory = _ => 30 };
        var json = new Option<string?>("--json") { Description = "Also write the figures into this file." };
        var command = new Command("captures", "CPU and memory a stream: our captures against a process of ffmpeg -c copy each.") { streams, kilobits, seconds, json };
        command.SetAction(async (parsed, stop) =>
        {
            var measured = await Run(parsed.GetValue(streams), parsed.GetValue(kilobits), parsed.GetValue(seconds), stop);
            Print(measured);
            if (parsed.GetValue(json) is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(measured, Indented), stop);
            return 0;
        });
        return command;
    }

    private static async Task<Measurement[]> Run(int streams, int kilobits, int seconds, CancellationToken stop)
    {
        await using var server = CameraServer.Start();
        var urls = Enumerable.Range(1, streams).Select(n => server.Add(new CameraOptions { Number = n, BitRate = kilobits * 1000 }).Url).ToArray();
        Console.WriteLine($"{streams} streams of {kilobits} kb/s, {seconds} s; preparing the cameras ...");
        await server.PrepareAsync().WaitAsync(stop);

        var folder = Directory.CreateTempSubdirectory("recorder-bench-");
        try
        {
            return
            [
                await MeasureRecorder(urls, seconds, folder.CreateSubdirectory("recorder").FullName, stop),
                await MeasureFFmpeg(urls, seconds, folder.CreateSubdirectory("ffmpeg").FullName, stop),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Measurement> MeasureRecorder(string[] urls, int seconds, string folder, CancellationToken stop)
    {
        var list = Path.Combine(folder, "urls.txt");
        await File.WriteAllLinesAsync(list, urls, stop);
        using var worker = Start(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], "worker", list, folder, (seconds + 8).ToString(CultureInfo.InvariantCulture)], redirect: true);
        await worker.StandardOutput.ReadLineAsync(stop); // printed when every stream has its first key frame
        var measured = await Window("recorder (libavformat path)", [worker.Id], urls.Length, seconds, stop);
        await worker.WaitForExitAsync(stop);
        return measured with { Recorded = await CountSound(folder, seconds) };
    }

    private static async Task<Measurement> MeasureFFmpeg(string[] urls, int seconds, string folder, CancellationToken stop)
    {
        var processes = urls.Select((url, n) => Start("ffmpeg",
        [
            "-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i", url, "-t", (seconds + 8).ToString(CultureInfo.InvariantCulture),
            "-c", "copy", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", Path.Combine(folder, $"{n}.mp4"),
        ], redirect: false)).ToArray();
        try
        {
            while (Directory.GetFiles(folder, "*.mp4").Count(f => new FileInfo(f).Length > 0) < urls.Length) await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
            var measured = await Window("ffmpeg -c copy, a process each", [.. processes.Select(p => p.Id)], urls.Length, seconds, stop);
            foreach (var process in processes) await process.WaitForExitAsync(stop);
            return measured with { Recorded = await CountSound(folder, seconds) };
        }
        finally
        {
            foreach (var process in processes) process.Dispose();
        }
    }

    private static async Task<Measurement> Window(string name, int[] pids, int streams, int seconds, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var before = pids.Sum(ProcessMeter.CpuSeconds);
        await Task.Delay(TimeSpan.FromSeconds(seconds), stop);
        var cpu = pids.Sum(ProcessMeter.CpuSeconds) - before;
        var memory = pids.Sum(ProcessMeter.PssMegabytes);
        return new Measurement(name, 1000 * cpu / streams / clock.Elapsed.TotalSeconds, memory / streams, cpu, memory, 0);
    }

    private static async Task<int> CountSound(string folder, int seconds)
    {
        var sound = 0;
        foreach (var file in Directory.GetFiles(folder, "*.mp4"))
        {
            using var probe = Start("ffprobe", ["-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", file], redirect: true);
            var text = await probe.StandardOutput.ReadToEndAsync();
            await probe.WaitForExitAsync();
            if (probe.ExitCode == 0 && int.TryParse(text.Trim().TrimEnd(','), out var frames) && frames >= seconds * 20) sound++;
        }

        return sound;
    }

    private static Process Start(string program, string[] arguments, bool redirect)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = redirect };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static void Print(Measurement[] measured)
    {
        Console.WriteLine();
        Console.WriteLine("| | CPU ms a stream-second | MB a stream | CPU s | MB | files whole |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var m in measured)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {m.Name} | {m.CpuMsPerStreamSecond:0.00} | {m.MegabytesPerStream:0.0} | {m.CpuSeconds:0.00} | {m.Megabytes:0} | {m.Recorded} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio to ffmpeg: CPU {measured[0].CpuSeconds / measured[1].CpuSeconds:0.00}, memory {measured[0].Megabytes / measured[1].Megabytes:0.00}"));
    }
}
