using System.Diagnostics.Metrics;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Metrics;
using OrleansRecorder.Media.Volumes;

namespace OrleansRecorder.Media.Tests.Metrics;

public sealed class MediaMeterTests
{
    [Fact]
    public void Whoever_watches_sees_the_sums_and_each_write()
    {
        var counters = new MediaCounters();
        var pool = new ChunkPool(1 << 20);
        var writers = new VolumeWriters(1 << 20, TimeProvider.System, counters, RandomAccess.Write);
        using var meter = new MediaMeter(counters, pool, writers, () => 3);
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, meter.Meter)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();

        pool.Rent();
        counters.Add(bytes: 1000, pictures: 2);
        counters.Lost(5);
        counters.LeaveOut();
        counters.LeaveOutSound();
        counters.LeaveOutSound();
        counters.Wrote(700, TimeSpan.FromMilliseconds(250));
        listener.RecordObservableInstruments();

        Assert.Equal(new Dictionary<string, double>
        {
            ["recorder.captures"] = 3, ["recorder.received"] = 1000, ["recorder.pictures"] = 2, ["recorder.packets.lost"] = 5, ["recorder.pictures.left_out"] = 1,
            ["recorder.sound.left_out"] = 2, ["recorder.written"] = 700, ["recorder.write.waiting"] = 0, ["recorder.memory.chunks"] = ChunkPool.ChunkSize, ["recorder.write.duration"] = 0.25,
        }.OrderBy(entry => entry.Key), seen.OrderBy(entry => entry.Key));
    }
}
