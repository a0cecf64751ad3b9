using System.Text.Json;

namespace OrleansRecorder.Bench.Farm;

/// <summary>What a farm is measured under.</summary>
/// <param name="Streams">How many cameras, 1 to 10000, each on a host of its own.</param>
/// <param name="Concurrent">K.</param>
/// <param name="Seconds">Of each recording.</param>
/// <param name="Silos">Recording nodes.</param>
/// <param name="Cycles">How many whole cycles are measured, after the first.</param>
internal sealed record FarmLoad(int Streams, int Concurrent, double Seconds, int Silos, int Cycles)
{
    /// <summary>How long a cycle may last. A capture takes a moment longer than its recording, and a burst of starts is spread.</summary>
    public double TotalSeconds => ((Seconds + 1) * ((Streams + Concurrent - 1) / Concurrent)) + 20;

    /// <summary>The cameras' configuration: what is busy most of the time, with a burst of starts in each cycle.</summary>
    public string Configuration() => JsonSerializer.Serialize(new
    {
        global_config = new
        {
            total_poll_duration_seconds = TotalSeconds,
            max_concurrent_streams = Concurrent,
            output_directory = ".",
            report_filename = "rtsp_report.json",
            connection_timeout_seconds = 5,
            read_timeout_seconds = 5,
            poll_cycles = -1,
            cycle_interval_seconds = 1,
        },
        streams = Enumerable.Range(0, Streams).Select(n => new
        {
            rtsp_url = $"rtsp://user:secret@10.{n / 62500}.{n / 250 % 250}.{1 + (n % 250)}:554/Streaming/Channels/101",
            duration_seconds = Seconds,
            weight = 1.0,
            output_filename = $"camera{n + 1:00000}.mp4",
        }),
    });
}
