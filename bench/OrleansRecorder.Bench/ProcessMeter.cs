using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansRecorder.Bench;

/// <summary>What the kernel says of a process: CPU of all its threads, ended ones too, and its share of memory.</summary>
internal static partial class ProcessMeter
{
    private const double TicksPerSecond = 100;

    // CPUCLOCK_SCHED of the kernel: user and system time of the whole process.
    private const int ProcessClock = 2;

    /// <summary>User and system time so far, in seconds, to the nanosecond: by the clock of the process.</summary>
    public static double CpuSeconds(int pid)
    {
        if (ReadClock((~pid << 3) | ProcessClock, out var time) != 0) throw new InvalidOperationException($"process {pid} has no clock any more");
        return time.Seconds + (time.Nanoseconds / 1e9);
    }

    /// <summary>The same with that of its children, those that have ended too, to a hundredth of a second.</summary>
    public static double CpuSecondsWithChildren(int pid) => Seconds(Stat(pid), 11, 12, 13, 14) + Children(pid).Sum(fields => Seconds(fields, 11, 12, 13, 14));

    /// <summary>Proportional set size in MB: shared pages count once over all processes that map them.</summary>
    public static double PssMegabytes(int pid) => Rollup(pid, "Pss:");

    /// <summary>Memory of its own in MB, no file behind it.</summary>
    public static double AnonymousMegabytes(int pid) => Rollup(pid, "Anonymous:");

    /// <summary>Its threads whose names begin so; the kernel keeps 15 characters.</summary>
    public static int ThreadsNamed(int pid, string beginning) => Directory.GetDirectories($"/proc/{pid}/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith(beginning, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has ended since.
            return false;
        }
    });

    /// <summary>Threads, open files and memory.</summary>
    public static Holdings Holdings(int pid)
    {
        var descriptors = Directory.GetFileSystemEntries($"/proc/{pid}/fd");
        var sockets = descriptors.Count(path => (new FileInfo(path).LinkTarget ?? "").StartsWith("socket:", StringComparison.Ordinal));
        return new Holdings(0, PssMegabytes(pid), AnonymousMegabytes(pid), Directory.GetDirectories($"/proc/{pid}/task").Length, descriptors.Length, sockets);
    }

    private static double Rollup(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static IEnumerable<string[]> Children(int pid)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            string[] fields;
            try
            {
                fields = Stat(id);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended since; its parent has its time.
                continue;
            }

            if (int.Parse(fields[1], CultureInfo.InvariantCulture) == pid) yield return fields;
        }
    }

    // From the third field on: the second one, the name, may hold anything.
    private static string[] Stat(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static double Seconds(string[] stat, params int[] fields) => fields.Sum(field => double.Parse(stat[field], CultureInfo.InvariantCulture)) / TicksPerSecond;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

/// <summary>What a process holds.</summary>
/// <param name="Cycles">After so many cycles.</param>
/// <param name="Megabytes">Proportional set size.</param>
/// <param name="AnonymousMegabytes">Memory without a file behind it.</param>
/// <param name="Threads">All of them.</param>
/// <param name="Descriptors">Open files, sockets too.</param>
/// <param name="Sockets">Open sockets.</param>
internal sealed record Holdings(int Cycles, double Megabytes, double AnonymousMegabytes, int Threads, int Descriptors, int Sockets)
{
    /// <summary>Of the cycles so far, those that failed.</summary>
    public int Failed { get; init; }
}
