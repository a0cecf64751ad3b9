using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Media.Ingest;

/// <summary>
/// The threads that take in all streams of an engine: one to begin with, another when one spends most of its time sweeping. A session goes to the
/// thread with the least to do, and half of an overloaded thread's sessions go to another one. A thread that dies is replaced.
/// </summary>
/// <param name="time">The clock of the ticks.</param>
/// <param name="logger">Where they log.</param>
/// <param name="most">So many threads at most.</param>
internal sealed class IngestThreads(TimeProvider time, ILogger logger, int most) : IDisposable
{
    /// <summary>The load above which a thread gets company.</summary>
    public const double HighLoad = 0.6;

    // Between two hand-overs, so that the first shows in the load before the second is thought of.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<IngestThread> _threads = [];
    private int _started;
    private long _lastRelief;
    private bool _isClosed;

    /// <summary>Threads that live.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _threads.Count;
        }
    }

    /// <summary>Sessions of all threads.</summary>
    public int Sessions
    {
        get
        {
            lock (_lock) return _threads.Sum(thread => thread.Count);
        }
    }

    /// <summary>The load of the thread with the most to do, see <see cref="IngestThread.Load"/>; 0 without threads.</summary>
    public double Load
    {
        get
        {
            lock (_lock) return _threads.Count == 0 ? 0 : _threads.Max(thread => thread.Load);
        }
    }

    /// <summary>Gives a session to the thread with the least to do; aborts it when closed.</summary>
    public void Add(IIngestSession session)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                (_threads.Count > 0 ? LeastLoaded(_threads) : StartThread()).Add(session);
                return;
            }
        }

        session.Abort(AbortReason.ThreadLost);
    }

    /// <summary>A thread has swept once more: from the thread.</summary>
    public void OnLoad(IngestThread thread)
    {
        if (thread.Load < HighLoad || thread.Count < 2) return;
        IngestThread other;
        lock (_lock)
        {
            if (_isClosed || (_lastRelief != 0 && time.GetElapsedTime(_lastRelief) < Patience)) return;
            if (_threads.Count < most) other = StartThread();
            else other = LeastLoaded(_threads);
            if (other == thread || other.Load > HighLoad / 2) return;
            _lastRelief = time.GetTimestamp();
        }

        IngestLog.Relieved(logger, thread.Number, thread.Count / 2, other.Number);
        thread.Give(other);
    }

    /// <summary>Moves a session from one thread to another, or to any when that one has died.</summary>
    public void HandOver(IIngestSession session, IngestThread receiver)
    {
        lock (_lock)
        {
            if (_threads.Contains(receiver))
            {
                receiver.Add(session);
                return;
            }
        }

        Add(session);
    }

    /// <summary>A thread takes no more sessions: from the thread, before it aborts those that it has.</summary>
    public void OnEnded(IngestThread thread)
    {
        lock (_lock) _threads.Remove(thread);
    }

    /// <summary>Ends all threads, aborts what they sweep, and waits for them.</summary>
    public void Dispose()
    {
        IngestThread[] threads;
        lock (_lock)
        {
            _isClosed = true;
            threads = [.. _threads];
        }

        foreach (var thread in threads) thread.Close();
        foreach (var thread in threads) thread.Join();
    }

    // By number while all have little to do, since a load is known only seconds later.
    private static IngestThread LeastLoaded(List<IngestThread> threads)
    {
        var best = threads[0];
        foreach (var thread in threads)
        {
            var isBusier = best.Load > HighLoad / 2 || thread.Load > HighLoad / 2 ? thread.Load < best.Load : thread.Count < best.Count;
            if (isBusier) best = thread;
        }

        return best;
    }

    private IngestThread StartThread()
    {
        var thread = new IngestThread(this, ++_started, time, logger);
        _threads.Add(thread);
        thread.Start();
        return thread;
    }
}
