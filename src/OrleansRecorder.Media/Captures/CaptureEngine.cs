using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <inheritdoc cref="ICaptureEngine"/>
public sealed class CaptureEngine : ICaptureEngine
{
    private readonly ConcurrentDictionary<Capture, byte> _running = new();
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly MediaSourceFactory _sources;
    private readonly ILogger _logger;

    /// <summary>An engine.</summary>
    /// <param name="time">The clock of its deadlines.</param>
    /// <param name="random">Numbers from 0 to 1, for the pauses between attempts; called by many threads.</param>
    /// <param name="logger">Where captures and FFmpeg log.</param>
    /// <param name="sources">How to connect; null for libavformat.</param>
    /// <exception cref="DllNotFoundException">FFmpeg's libraries are missing; the message says what to install.</exception>
    public CaptureEngine(TimeProvider time, Func<double> random, ILogger<CaptureEngine> logger, MediaSourceFactory? sources = null)
    {
        _time = time;
        _random = random;
        _logger = logger;
        _sources = sources ?? (request => new LibavformatSource(request, time));
        FFmpegLibraries.EnsureLoaded();
        FFmpegLog.Logger = logger;
    }

    /// <inheritdoc/>
    public ICapture Start(CaptureOrder order, IRecordingTarget target)
    {
        var capture = new Capture(order, target, _sources, _time, _random, _logger);
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
    }
}
