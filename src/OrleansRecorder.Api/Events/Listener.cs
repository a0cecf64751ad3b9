using System.Threading.Channels;

namespace OrleansRecorder.Api.Events;

/// <summary>One client of the event stream. A client that reads too slowly loses the oldest announcements and is told so; it never holds up the others.</summary>
internal sealed class Listener(Action<Listener> leave) : IDisposable
{
    // One a second at most: a quarter of a minute behind is too far.
    private const int MaxWaiting = 16;

    private readonly Channel<Announcement> _waiting = Channel.CreateBounded<Announcement>(MaxWaiting);
    private int _overrun;

    /// <summary>What is still to be sent.</summary>
    public ChannelReader<Announcement> Announcements => _waiting.Reader;

    /// <summary>Whether any were lost since the last call.</summary>
    public bool TakeOverrun() => Interlocked.Exchange(ref _overrun, 0) == 1;

    /// <summary>Called by the watcher only.</summary>
    public void Offer(Announcement announcement)
    {
        while (!_waiting.Writer.TryWrite(announcement))
        {
            if (_waiting.Reader.TryRead(out _)) Interlocked.Exchange(ref _overrun, 1);
        }
    }

    public void Dispose() => leave(this);
}
