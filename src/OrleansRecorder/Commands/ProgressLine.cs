using System.Globalization;
using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Commands;

/// <summary>Shows the running cycle in one line of the terminal, and leaves one line for each that has ended.</summary>
internal sealed class ProgressLine(RecorderHost host, TimeProvider time)
{
    private const int BarWidth = 20;
    private readonly bool _live = !Console.IsOutputRedirected;
    private long _ended;

    /// <summary>Returns when <paramref name="stop"/> fires.</summary>
    public async Task Show(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        try
        {
            do
            {
                Print(await host.Cycle.GetSnapshot());
            }
            while (await tick.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            if (_live) Console.WriteLine();
        }
    }

    private void Print(CycleSnapshot cycle)
    {
        if (cycle.Cycle == 0 || cycle.Cycle == _ended) return;
        if (cycle.CycleEndedAt is not null)
        {
            _ended = cycle.Cycle;
            var bytes = cycle.Tasks.Sum(t => t.Parts.Sum(p => p.Size));
            Overwrite($"cycle {cycle.Cycle}  {cycle.Statistics.Completed} of {cycle.Statistics.Total} recorded, {cycle.Statistics.Failed} failed, {Megabytes(bytes)}  {cycle.OutputDirectory}/{cycle.CycleDirectory}/");
            Console.WriteLine();
        }
        else if (_live)
        {
            var active = cycle.Tasks.Count(t => t.Status.IsActive());
            var filled = cycle.TotalSeconds <= 0 ? 0 : (int)Math.Clamp(BarWidth * cycle.ElapsedSeconds / cycle.TotalSeconds, 0, BarWidth);
            Overwrite(string.Create(CultureInfo.InvariantCulture,
                $"cycle {cycle.Cycle}  {new string('#', filled)}{new string('.', BarWidth - filled)} {cycle.ElapsedSeconds,3:0}/{cycle.TotalSeconds:0} s  {active} recording, {cycle.Statistics.Completed} done, {cycle.Statistics.Failed} failed, {Megabytes(cycle.Tasks.Sum(t => t.Bytes))}"));
        }
    }

    private void Overwrite(string text) => Console.Write(_live ? $"\r\e[K{text}" : text);

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
