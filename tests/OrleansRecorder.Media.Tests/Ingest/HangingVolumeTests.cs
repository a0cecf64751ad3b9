using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Ingest;

/// <summary>A disk that hangs, and the thread that takes the streams of all disks in.</summary>
public sealed class HangingVolumeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_disk_that_hangs_costs_another_capture_on_the_same_ingest_thread_no_frame_and_is_seen_in_the_metrics()
    {
        await using var server = CameraServer.Start();
        var (first, second) = (Camera(server, 1), Camera(server, 2));
        await server.PrepareAsync();
        using var disk = new ManualResetEventSlim();
        var onIt = new ConcurrentDictionary<SafeFileHandle, byte>();
        await using var ingest = new OwnIngest(write: (file, pieces, offset) =>
        {
            if (onIt.ContainsKey(file)) disk.Wait(Patience);
            RandomAccess.Write(file, pieces, offset);
        });
        using var metrics = new Metrics(ingest.Engine.Meter);
        var hanging = ingest.Engine.Start(Orders.For(first.Url, seconds: 60), new HangingTarget(new FolderTarget(ingest.Folder, "hanging.mp4"), onIt));
        var well = await ingest.Start(Orders.For(second.Url), "well").Completion.WaitAsync(Patience);

        Assert.Equal((CaptureStatus.Completed, 1), (well.Status, well.Connections));
        Assert.Empty(well.Warnings);
        await ingest.HasEveryFrame("well", second, atLeast: 98);
        await Recorder.Until(hanging, progress => progress.Frames > 125);
        Assert.Equal((1, 1), (ingest.Threads.Count, ingest.Threads.Sessions));
        // What hangs waits, and only what is on a disk has taken a time.
        Assert.InRange(metrics.Waiting(), 1, long.MaxValue);
        Assert.InRange(metrics.Longest, 0, 3);
        Assert.NotEmpty(metrics.Durations);

        disk.Set();
        hanging.Stop(CaptureCause.Stopped);
        var result = await hanging.Completion.WaitAsync(Patience);
        Assert.Empty(result.Warnings);
        await ingest.HasEveryFrame("hanging", first, atLeast: 120);
        Assert.InRange(metrics.Longest, 3, 60);
        Assert.Equal(0, metrics.Waiting());
    }

    private static Camera Camera(CameraServer server, int number) => server.Add(new CameraOptions { Number = number });

    /// <summary>What an engine's meter says of its disks.</summary>
    private sealed class Metrics : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _waiting;

        public Metrics(Meter meter)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, meter) && instrument.Name is "recorder.write.waiting" or "recorder.write.duration") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _waiting = value);
            _listener.SetMeasurementEventCallback<double>((_, value, _, _) => Durations.Enqueue(value));
            _listener.Start();
        }

        public ConcurrentQueue<double> Durations { get; } = [];

        public double Longest => Durations.Max();

        public long Waiting()
        {
            _listener.RecordObservableInstruments();
            return _waiting;
        }

        public void Dispose() => _listener.Dispose();
    }

    private sealed class HangingTarget(FolderTarget folder, ConcurrentDictionary<SafeFileHandle, byte> files) : IRecordingTarget
    {
        public string Volume => "hanging";

        public IRecordingFile CreatePart(int part)
        {
            var file = folder.CreatePart(part);
            files[file.Stream.SafeFileHandle] = 0;
            return file;
        }
    }
}
