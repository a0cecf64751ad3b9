using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Farm;

/// <summary>Shows the running cycle and the nodes in one line of the terminal, and leaves one line for each cycle that has ended.</summary>
internal sealed class FarmProgress(FarmApi api, TimeProvider time)
{
    private const int BarWidth = 20;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private readonly bool _live = !Console.IsOutputRedirected;
    private readonly Lock _lock = new();
    private long _shown;
    private string _last = "";
    private bool _isAway;

    /// <summary>A line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Console.WriteLine(_live ? $"\r\e[K{line}" : line);
            if (_live) Console.Write(_last);
        }
    }

    /// <summary>Returns when <paramref name="stop"/> fires.</summary>
    public async Task Show(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                Print(await api.Get("/api/scheduler/cycle", stop), await api.Get("/api/nodes", stop));
            }
            while (await tick.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (_live) Console.WriteLine();
        }
    }

    private void Print(JsonNode? cycle, JsonNode? nodes)
    {
        if (cycle is null)
        {
            if (!_isAway) Say("the farm does not answer at the moment");
            _isAway = true;
            return;
        }

        if (_isAway) Say("the farm answers again");
        _isAway = false;
        var number = (long)cycle["current_cycle"]!;
        var stats = cycle["scheduler_stats"]!;
        var (total, done, failed, cancelled) = ((int)stats["total_tasks"]!, (int)stats["completed_tasks"]!, (int)stats["failed_tasks"]!, (int)stats["cancelled_tasks"]!);
        if (number == 0 || number == _shown) return;
        if (total > 0 && done + failed + cancelled == total)
        {
            _shown = number;
            _last = "";
            Say($"cycle {number}  {done} of {total} recorded, {failed} failed, at most {(int)stats["max_concurrent_used"]!} at once");
        }
        else if (_live)
        {
            var (elapsed, whole) = ((double)cycle["cycle_info"]!["elapsed_seconds"]!, (double)cycle["cycle_info"]!["total_duration"]!);
            var filled = whole <= 0 ? 0 : (int)Math.Clamp(BarWidth * elapsed / whole, 0, BarWidth);
            Overwrite(string.Create(CultureInfo.InvariantCulture,
                $"cycle {number}  {new string('#', filled)}{new string('.', BarWidth - filled)} {elapsed,3:0}/{whole:0} s  {((JsonArray)cycle["active_tasks"]!).Count} recording, {done} done, {failed} failed{Nodes(nodes)}"));
        }
    }

    private static string Nodes(JsonNode? nodes) => nodes?["nodes"] is not JsonArray list
        ? ""
        : "  " + string.Join(' ', list.Select(node => $"{node!["name"]}:{((string)node["status"]! == "active" ? node["active_captures"] : node["status"])}"));

    private void Overwrite(string text)
    {
        lock (_lock)
        {
            _last = text;
            Console.Write($"\r\e[K{text}");
        }
    }
}
