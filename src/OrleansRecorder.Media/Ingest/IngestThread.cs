using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Media.Ingest;

/// <summary>
/// One thread that sweeps its sessions: those that play every <see cref="Tick"/>, or every second or fourth one, so that a read finds many packets at once; those
/// that start every <see cref="StartingTick"/>. It wakes up for ticks only in which one of them is due, and without sessions it sleeps.
/// </summary>
internal sealed class IngestThread
{
    /// <summary>Time between two sweeps of sessions that play. Longer ones would cost little less, and live pictures would come in lumps.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(40);

    /// <summary>Time between two sweeps of sessions that start.</summary>
    public static readonly TimeSpan StartingTick = TimeSpan.FromMilliseconds(10);

    private const int LongestRest = 4;

    // What one session may hand over in a sweep: 200 Mb/s. More waits in the kernel, and TCP slows the sender down.
    private const int BufferSize = 1 << 20;

    // Some three seconds: a burst of starts, whose code is compiled on the way, is no reason for another thread.
    private const double LoadMemory = 0.985;

    private readonly IngestThreads _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<IIngestSession> _arriving = new();
    private readonly List<IIngestSession> _starting = [];
    private readonly List<IIngestSession> _playing = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly Thread _thread;
    private volatile bool _isClosing;
    private int _count;
    private int _toGive;
    private IngestThread? _receiver;
    private double _load;
    private int _tick;

    public IngestThread(IngestThreads owner, int number, TimeProvider time, ILogger logger)
    {
        _owner = owner;
        _time = time;
        _logger = logger;
        Number = number;
        _thread = new Thread(Run) { IsBackground = true, Name = $"ingest {number}" };
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>Sessions, those that have only just come too.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The part of a tick that sweeping takes, over the last seconds; more than 1 when it cannot keep up.</summary>
    public double Load => Volatile.Read(ref _load);

    /// <summary>Begins to sweep.</summary>
    public void Start() => _thread.Start();

    /// <summary>Takes a session over, from any thread.</summary>
    public void Add(IIngestSession session)
    {
        Interlocked.Increment(ref _count);
        _arriving.Enqueue(session);
        _wake.Set();
    }

    /// <summary>Ends the thread; what it still sweeps is aborted.</summary>
    public void Close()
    {
        _isClosing = true;
        _wake.Set();
    }

    /// <summary>Waits until it has ended. Not from the thread itself.</summary>
    public void Join() => _thread.Join();

    /// <summary>Asks it to pass half of what it has to another thread. From its own thread, during <see cref="IngestThreads.OnLoad"/>.</summary>
    public void Give(IngestThread receiver)
    {
        _receiver = receiver;
        _toGive = _playing.Count / 2;
    }

    private void Run()
    {
        Exception? death = null;
        try
        {
            while (!_isClosing) Turn();
        }
        catch (Exception exception)
        {
            // Nothing is meant to come here: sessions are guarded one by one.
            death = exception;
        }

        _owner.OnEnded(this);
        if (death is not null) IngestLog.ThreadDied(_logger, death, Number, Count);
        AbortAll();
    }

    private void Turn()
    {
        var began = _time.GetTimestamp();
        Welcome();
        Sweep(_playing, isStartingList: false);
        Sweep(_starting, isStartingList: true);
        var took = _time.GetElapsedTime(began);

        // All whose ticks are as many are due together, so that one wake-up does for them.
        var ticks = TicksUntilDue();
        for (var i = 0; i < ticks; i++) _load = (_load * LoadMemory) + ((1 - LoadMemory) * (took / (ticks * Tick)));
        _tick += ticks;
        _owner.OnLoad(this);
        GiveAway();
        Rest(began, ticks * Tick);
    }

    private int TicksUntilDue()
    {
        // Those that start may play before the next tick.
        var least = _starting.Count > 0 ? 1 : LongestRest;
        foreach (var session in _playing) least = Math.Min(least, session.Ticks);
        return least - (_tick & (least - 1));
    }

    // Those that start are seen several times in a tick of those that play.
    private void Rest(long began, TimeSpan time)
    {
        while (!_isClosing)
        {
            var left = time - _time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return;
            if (!_arriving.IsEmpty)
            {
                Welcome();
                if (time > Tick) return;
            }

            if (_starting.Count > 0)
            {
                Wait(left < StartingTick ? left : StartingTick);
                Sweep(_starting, isStartingList: true);
            }
            else if (_playing.Count > 0)
            {
                Wait(left);
            }
            else
            {
                if (_arriving.IsEmpty && !_isClosing) _wake.WaitOne();
                return;
            }
        }
    }

    // Up to the next millisecond: waiting for none would turn a tick into a spin.
    private void Wait(TimeSpan time) => _wake.WaitOne((int)Math.Ceiling(time.TotalMilliseconds));

    private void Welcome()
    {
        while (_arriving.TryDequeue(out var session)) (session.IsStarting ? _starting : _playing).Add(session);
    }

    private void Sweep(List<IIngestSession> sessions, bool isStartingList)
    {
        var kept = 0;
        for (var i = 0; i < sessions.Count; i++)
        {
            var session = sessions[i];
            if (!isStartingList && (_tick & (session.Ticks - 1)) != 0) sessions[kept++] = session;
            else if (!Sweep(session)) Interlocked.Decrement(ref _count);
            else if (session.IsStarting == isStartingList) sessions[kept++] = session;
            else (isStartingList ? _playing : _starting).Add(session);
        }

        sessions.RemoveRange(kept, sessions.Count - kept);
    }

    private bool Sweep(IIngestSession session)
    {
        try
        {
            return session.Sweep(_buffer);
        }
        catch (Exception exception)
        {
            IngestLog.SessionFailed(_logger, exception, session.ToString() ?? "");
            Abort(session, AbortReason.Defect);
            return false;
        }
    }

    // None is meant to throw: one that does must not cost the others their ends.
    private void Abort(IIngestSession session, AbortReason reason)
    {
        try
        {
            session.Abort(reason);
        }
        catch (Exception exception)
        {
            IngestLog.SessionFailed(_logger, exception, session.ToString() ?? "");
        }
    }

    private void GiveAway()
    {
        if (_receiver is not { } receiver) return;
        _receiver = null;
        for (; _toGive > 0; _toGive--)
        {
            var session = _playing[^1];
            _playing.RemoveAt(_playing.Count - 1);
            Interlocked.Decrement(ref _count);
            _owner.HandOver(session, receiver);
        }
    }

    private void AbortAll()
    {
        Welcome();
        foreach (var session in _playing.Concat(_starting)) Abort(session, AbortReason.ThreadLost);
    }
}
