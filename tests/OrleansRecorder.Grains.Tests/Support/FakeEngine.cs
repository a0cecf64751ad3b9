using System.Collections.Concurrent;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Support;

/// <summary>An engine whose captures end on command.</summary>
internal sealed class FakeEngine : ICaptureEngine
{
    private readonly ConcurrentQueue<FakeCapture> _captures = new();

    /// <summary>Captures do not end when they are told to.</summary>
    public bool Hangs { get; set; }

    /// <summary>Called with each new capture.</summary>
    public Action<FakeCapture> Started { get; set; } = _ => { };

    /// <summary>All that were ever begun.</summary>
    public IReadOnlyList<FakeCapture> Captures => [.. _captures];

    /// <summary>Those that run.</summary>
    public IReadOnlyList<FakeCapture> Running => [.. _captures.Where(c => !c.IsEnded)];

    /// <summary>The most that ran at once.</summary>
    public int MostRunning { get; private set; }

    public ICapture Start(CaptureOrder order, IRecordingTarget target)
    {
        var capture = new FakeCapture(order, target, this);
        lock (_captures)
        {
            _captures.Enqueue(capture);
            MostRunning = Math.Max(MostRunning, Running.Count);
        }

        Started(capture);
        return capture;
    }

    /// <summary>As the process dies.</summary>
    public void Die()
    {
        foreach (var capture in _captures) capture.Die();
    }

    public ValueTask DisposeAsync() => default;
}
