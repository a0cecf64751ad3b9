using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Bench.Farm;

/// <summary>
/// Writes down when each capture began, and what the meter of the cycle measures, one line each: <c>begun CYCLE TASK ATTEMPT SECONDS</c>, counted from the cycle's end, and
/// <c>turn STEP MS</c>, <c>round - MS</c>; the moment (UTC ticks) comes first.
/// </summary>
internal sealed class SampleWriter : IAsyncDisposable
{
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly MeterListener _listener = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _writing;

    public SampleWriter(string path, TimeProvider time)
    {
        _time = time;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OrleansRecorder.Cycle") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "recorder.cycle.turn") Add($"turn {tags[0].Value} {value:0.###}");
            else Add($"round - {value:0.###}");
        });
        _listener.Start();
        _writing = Write(path);
    }

    public void Begun(CaptureOrder order) => Add($"begun {order.Identity.Cycle} {order.Identity.TaskId} {order.Identity.Attempt} {(_time.GetUtcNow() - order.Deadline).TotalSeconds:0.######}");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _writing;
        _listener.Dispose();
        _ending.Dispose();
    }

    private void Add(FormattableString line) => _lines.Enqueue($"{_time.GetUtcNow().UtcTicks} {line.ToString(CultureInfo.InvariantCulture)}");

    private async Task Write(string path)
    {
        await using var file = new StreamWriter(path);
        for (var goesOn = true; goesOn;)
        {
            goesOn = !_ending.IsCancellationRequested;
            await Task.Delay(FlushPeriod, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_lines.TryDequeue(out var line)) await file.WriteLineAsync(line);
            await file.FlushAsync();
        }
    }
}
