using System.Globalization;

namespace OrleansRecorder.Bench;

/// <summary>What the kernel says of a process: CPU of all its threads, ended ones too, and its share of memory.</summary>
internal static class ProcessMeter
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far, in seconds.</summary>
    public static double CpuSeconds(int pid) => Seconds(Stat(pid), 11, 12);

    /// <summary>The same with that of its children, those that have ended too.</summary>
    public static double CpuSecondsWithChildren(int pid) => Seconds(Stat(pid), 11, 12, 13, 14) + Children(pid).Sum(fields => Seconds(fields, 11, 12, 13, 14));

    /// <summary>Proportional set size in MB: shared pages count once over all processes that map them.</summary>
    public static double PssMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
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
}

/// <summary>CPU and memory of one way to record, over one window.</summary>
/// <param name="Name">What recorded.</param>
/// <param name="CpuMsPerStreamSecond">Milliseconds of CPU a stream and second; 10 is one percent of a core.</param>
/// <param name="MegabytesPerStream">Memory a stream at the end of the window.</param>
/// <param name="CpuSeconds">CPU of all its processes in the window.</param>
/// <param name="Megabytes">Memory of all its processes.</param>
/// <param name="Recorded">Files that decode and hold the whole window.</param>
internal sealed record Measurement(string Name, double CpuMsPerStreamSecond, double MegabytesPerStream, double CpuSeconds, double Megabytes, int Recorded);
