using System.Diagnostics.Metrics;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Ingest;
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

    /// <summary>Makes the instruments.</summary>
    /// <param name="counters">The sums.</param>
    /// <param name="pool">The memory.</param>
    /// <param name="writers">The disks.</param>
    /// <param name="captures">How many run.</param>
    public MediaMeter(MediaCounters counters, ChunkPool pool, VolumeWriters writers, Func<int> captures)
    {
        Meter.CreateObservableUpDownCounter("recorder.captures", captures, "{capture}", "Captures that run.");
        Meter.CreateObservableCounter("recorder.received", () => counters.Bytes, "By", "Media received.");
        Meter.CreateObservableCounter("recorder.pictures", () => counters.Pictures, "{picture}", "Pictures received.");
        Meter.CreateObservableCounter("recorder.packets.lost", () => counters.LostPackets, "{packet}", "RTP packets that never came.");
        Meter.CreateObservableCounter("recorder.pictures.left_out", () => counters.LeftOut, "{picture}", "Pictures not recorded because the disk was too slow.");
        Meter.CreateObservableCounter("recorder.sound.left_out", () => counters.LeftOutSound, "{packet}", "Packets of sound not recorded because the disk or the encoder was too slow.");
        Meter.CreateObservableCounter("recorder.written", () => counters.Written, "By", "Media written to files.");
        Meter.CreateObservableUpDownCounter("recorder.write.waiting", () => writers.Waiting, "By", "Media that waits for a disk.");
        Meter.CreateObservableUpDownCounter("recorder.memory.chunks", () => pool.InUse, "By", "Memory that media is held in.");
        var writes = Meter.CreateHistogram<double>("recorder.write.duration", "s", "How long a write took.");
        counters.OnWrite = duration => writes.Record(duration.TotalSeconds);
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; } = new(Name);

    /// <summary>Adds what the ingest threads do.</summary>
    public void Watch(IngestThreads threads)
    {
        Meter.CreateObservableUpDownCounter("recorder.ingest.threads", () => threads.Count, "{thread}", "Threads that take streams in.");
        Meter.CreateObservableUpDownCounter("recorder.ingest.sessions", () => threads.Sessions, "{session}", "Streams on them.");
        Meter.CreateObservableGauge("recorder.ingest.load", () => threads.Load, "1", "The part of its time that the busiest of them works.");
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();
}
