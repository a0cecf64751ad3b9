using System.Threading.Channels;

namespace OrleansRecorder.Api.Events;

/// <summary>One client of the event stream. A client that reads too slowly loses the oldest changes and is told so; it never holds up the others.</summary>
internal sealed class Listener(Action<Listener> leave) : IDisposable
{
    // One change a second at most: a quarter of a minute behind is too far.
    private const int MaxWaiting = 16;

    private readonly Channel<CycleChange> _changes = Channel.CreateBounded<CycleChange>(MaxWaiting);
    private int _overrun;

    /// <summary>The changes still to be sent.</summary>
    public ChannelReader<CycleChange> Changes => _changes.Reader;

    /// <summary>Whether changes were lost since the last call.</summary>
    public bool TakeOverrun() => Interlocked.Exchange(ref _overrun, 0) == 1;

    /// <summary>Called by the watcher only.</summary>
    public void Offer(CycleChange change)
    {
        while (!_changes.Writer.TryWrite(change))
        {
            if (_changes.Reader.TryRead(out _)) Interlocked.Exchange(ref _overrun, 1);
        }
    }

    public void Dispose() => leave(this);
}
