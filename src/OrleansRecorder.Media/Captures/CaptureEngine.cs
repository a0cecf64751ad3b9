using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Ingest;
using OrleansRecorder.Media.Ingest.Connections;
using OrleansRecorder.Media.Metrics;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Threads;
using OrleansRecorder.Media.Volumes;

namespace OrleansRecorder.Media.Captures;

/// <inheritdoc cref="ICaptureEngine"/>
public sealed class CaptureEngine : ICaptureEngine
{
    private const long MostMemory = 2L << 30;
    private readonly ConcurrentDictionary<Capture, byte> _running = new();
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly MediaSourceFactory _sources;
    private readonly ILogger _logger;
    private readonly CaptureServices _services;
    private readonly IngestServices _ingest;
    private readonly MediaMeter _meter;

    /// <summary>An engine.</summary>
    /// <param name="time">The clock of its deadlines.</param>
    /// <param name="random">Numbers from 0 to 1, for the pauses between attempts; called by many threads.</param>
    /// <param name="logger">Where captures and FFmpeg log.</param>
    /// <param name="sources">How to connect; null for our own client for rtsp and rtsps unless an order says otherwise, and libavformat for everything else.</param>
    /// <param name="memoryLimit">Bytes of media that may wait in memory for the disks; null for a quarter of the machine's, 2 GiB at most.</param>
    /// <exception cref="DllNotFoundException">FFmpeg's libraries are missing; the message says what to install.</exception>
    public CaptureEngine(TimeProvider time, Func<double> random, ILogger<CaptureEngine> logger, MediaSourceFactory? sources = null, long? memoryLimit = null)
        : this(time, random, logger, sources, memoryLimit, write: null)
    {
    }

    internal CaptureEngine(TimeProvider time, Func<double> random, ILogger<CaptureEngine> logger, MediaSourceFactory? sources, long? memoryLimit, GatheringWrite? write)
    {
        _time = time;
        _random = random;
        _logger = logger;
        _sources = sources ?? Source;
        FFmpegLibraries.EnsureLoaded();
        FFmpegLog.Logger = logger;

        var pool = new ChunkPool(memoryLimit ?? Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MostMemory));
        var counters = new MediaCounters();
        // Half of it for a disk at most, so that one that hangs leaves the others theirs.
        var writers = new VolumeWriters(pool.Limit / 2, time, counters, write);
        _services = new CaptureServices(pool, writers, new WorkThreads("sound encoder", Math.Max(1, Environment.ProcessorCount / 2), time), counters);
        _ingest = new IngestServices(new IngestThreads(time, logger, Environment.ProcessorCount), pool, new HostAddresses(), time);
        _meter = new MediaMeter(counters, pool, writers, () => _running.Count);
        _meter.Watch(_ingest.Threads);
    }

    /// <summary>What this engine tells; others have meters of the same name.</summary>
    internal Meter Meter => _meter.Meter;

    /// <inheritdoc/>
    public ICapture Start(CaptureOrder order, IRecordingTarget target)
    {
        var capture = new Capture(order, target, _sources, _services, _time, _random, _logger);
        _running[capture] = 0;
        _ = capture.Completion.ContinueWith(_ => _running.TryRemove(capture, out byte _), TaskScheduler.Default);
        return capture;
    }

    /// <summary>Interrupts what still runs and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        var running = _running.Keys.ToList();
        foreach (var capture in running) capture.Stop(CaptureCause.Interrupted);
        await Task.WhenAll(running.Select(capture => capture.Completion));
        _ingest.Threads.Dispose();
        _meter.Dispose();
    }

    private IMediaSource Source(SourceRequest request) =>
        request is { Ingest: IngestPath.Auto, Url.Scheme: "rtsp" or "rtsps" } ? new RtspSource(request, _ingest) : new LibavformatSource(request, _time);
}
