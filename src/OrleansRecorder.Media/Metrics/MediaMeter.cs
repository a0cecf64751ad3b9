using System.Diagnostics.Metrics;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Volumes;

namespace OrleansRecorder.Media.Metrics;

/// <summary>
/// The meter <c>OrleansRecorder.Media</c>, for OpenTelemetry or <c>dotnet-counters</c>. All but the histogram are observed: nothing is paid for them until
/// somebody looks.
/// </summary>
internal sealed class MediaMeter : IDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = "OrleansRecorder.Media";

    private readonly Meter _meter = new(Name);

    public MediaMeter(MediaCounters counters, ChunkPool pool, VolumeWriters writers, Func<int> captures)
    {
        _meter.CreateObservableUpDownCounter("recorder.captures", captures, "{capture}", "Captures that run.");
        _meter.CreateObservableCounter("recorder.received", () => counters.Bytes, "By", "Media received.");
        _meter.CreateObservableCounter("recorder.pictures", () => counters.Pictures, "{picture}", "Pictures received.");
        _meter.CreateObservableCounter("recorder.packets.lost", () => counters.LostPackets, "{packet}", "RTP packets that never came.");
        _meter.CreateObservableCounter("recorder.pictures.left_out", () => counters.LeftOut, "{picture}", "Pictures not recorded because the disk was too slow.");
        _meter.CreateObservableCounter("recorder.written", () => counters.Written, "By", "Media written to files.");
        _meter.CreateObservableUpDownCounter("recorder.write.waiting", () => writers.Waiting, "By", "Media that waits for a disk.");
        _meter.CreateObservableUpDownCounter("recorder.memory.chunks", () => pool.InUse, "By", "Memory that media is held in.");
        var writes = _meter.CreateHistogram<double>("recorder.write.duration", "s", "How long a write took.");
        counters.OnWrite = duration => writes.Record(duration.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
