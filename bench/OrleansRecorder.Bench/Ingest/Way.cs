using System.Diagnostics;
using System.Globalization;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>One way to record a list of streams into a folder, in processes of its own.</summary>
internal abstract class Way
{
    /// <summary>Our own client.</summary>
    public static readonly Way Ours = new Worker("ours", "Auto");

    /// <summary>The same engine over libavformat's client.</summary>
    public static readonly Way Libavformat = new Worker("libavformat, in one process", "FFmpeg");

    /// <summary>A process of ffmpeg each.</summary>
    public static readonly Way FFmpeg = new Processes();

    /// <summary>A C program that only receives and writes.</summary>
    public static readonly Way Floor = new CFloor();

    /// <summary>As in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>Whether its files are recordings.</summary>
    public virtual bool MakesRecordings => true;

    /// <summary>How long it runs before it is measured.</summary>
    public virtual TimeSpan Settle => TimeSpan.FromSeconds(20);

    /// <summary>What it needs and is not there, or null.</summary>
    public virtual string? Missing => null;

    /// <summary>Starts it, and returns when all streams are on the disk.</summary>
    public abstract Task<Running> Start(string[] urls, string folder, CancellationToken stop);

    public static Process Launch(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{program} did not start");

    protected static async Task<string> WriteList(string[] urls, string folder, CancellationToken stop)
    {
        var list = Path.Combine(folder, "urls.txt");
        await File.WriteAllLinesAsync(list, urls, stop);
        return list;
    }

    /// <summary>What records now.</summary>
    /// <param name="Processes">Its processes.</param>
    /// <param name="WrittenMs">See <see cref="Figures.WrittenMs"/>.</param>
    public sealed record Running(Process[] Processes, (double Half, double All) WrittenMs = default) : IDisposable
    {
        private const string Ended = "ended ";

        private readonly Task<string>[] _errors = [.. Processes.Select(p => p.StandardError.ReadToEndAsync())];

        /// <summary>Ends it cleanly, and returns how many captures had ended before and what it complained of.</summary>
        public async Task<(int EndedEarly, string Errors)> Stop(string input, CancellationToken stop)
        {
            foreach (var process in Processes.Where(p => !p.HasExited))
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }

            var said = await Task.WhenAll(Processes.Select(p => p.StandardOutput.ReadToEndAsync(stop)));
            foreach (var process in Processes) await process.WaitForExitAsync(stop);
            var ended = said.Select(text => text.Trim()).Where(text => text.StartsWith(Ended, StringComparison.Ordinal)).Sum(text => int.Parse(text[Ended.Length..], CultureInfo.InvariantCulture));
            return (ended + Processes.Count(p => p.ExitCode != 0), string.Concat(await Task.WhenAll(_errors)).Trim());
        }

        public void Dispose()
        {
            foreach (var process in Processes)
            {
                if (!process.HasExited) process.Kill();
                process.Dispose();
            }
        }
    }

    private sealed class Worker(string name, string path) : Way
    {
        public override string Name => name;

        // The runtime compiles what is hot a second time, and what keeps sessions alive is hot only after two keep-alives, 30 s apart.
        public override TimeSpan Settle => TimeSpan.FromSeconds(70);

        public override async Task<Running> Start(string[] urls, string folder, CancellationToken stop)
        {
            var process = Launch(Environment.ProcessPath!, Environment.GetCommandLineArgs()[0], "worker", await WriteList(urls, folder, stop), folder, "--path", path);
            var line = await process.StandardOutput.ReadLineAsync(stop) ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(stop));
            var numbers = line.Split(' ');
            if (numbers.Length != 3) return new Running([process]);
            return new Running([process], (double.Parse(numbers[1], CultureInfo.InvariantCulture), double.Parse(numbers[2], CultureInfo.InvariantCulture)));
        }
    }

    private sealed class Processes : Way
    {
        public override string Name => "ffmpeg -c copy, a process each";

        public override async Task<Running> Start(string[] urls, string folder, CancellationToken stop)
        {
            var processes = urls.Select((url, n) => Launch("ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c", "copy",
                "-movflags", "+frag_keyframe+empty_moov+default_base_moof", Path.Combine(folder, $"{n}.mp4"))).ToArray();
            var running = new Running(processes);
            // One that has ended is waited for in vain.
            while (!Array.Exists(processes, p => p.HasExited) && Directory.GetFiles(folder, "*.mp4").Count(f => new FileInfo(f).Length > 1500) < urls.Length) await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
            return running;
        }
    }

    private sealed class CFloor : Way
    {
        public override string Name => "floor in C: receives and writes";

        public override bool MakesRecordings => false;

        public override string? Missing => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "gcc"))) ? null : "gcc";

        public override async Task<Running> Start(string[] urls, string folder, CancellationToken stop)
        {
            var program = Path.Combine(folder, "floor");
            using (var compiler = Launch("gcc", "-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "Ingest", "floor.c"))) await compiler.WaitForExitAsync(stop);
            // As often as our client reads from sessions that have settled.
            var process = Launch(program, await WriteList(urls, folder, stop), folder, "80");
            _ = await process.StandardOutput.ReadLineAsync(stop);
            return new Running([process]);
        }
    }
}
