using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>
/// TCP. Only non-blocking calls: a socket that has done one asynchronous call stays registered with the runtime's epoll thread, which then wakes up, and wakes
/// a worker of the pool, at every arrival.
/// </summary>
/// <param name="addresses">The server's, tried one after the other; at least one.</param>
/// <param name="port">Its port.</param>
/// <param name="patience">For each address, and never longer than this in all.</param>
internal sealed class TcpConnection(IReadOnlyList<IPAddress> addresses, int port, TimeSpan patience) : IByteConnection
{
    private static readonly TimeSpan PatienceOfOne = TimeSpan.FromSeconds(5);

    private readonly SendQueue _queue = new();
    private Socket? _socket;
    private TimeSpan? _began;
    private TimeSpan _deadline;
    private int _next;
    private bool _isOpen;
    private CaptureCause? _lastFailure;

    /// <inheritdoc/>
    public CaptureCause? Failure { get; private set; }

    /// <inheritdoc/>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public IPEndPoint Local { get; private set; } = null!;

    /// <inheritdoc/>
    public IPEndPoint Remote { get; private set; } = null!;

    /// <inheritdoc/>
    public bool Connect(TimeSpan now)
    {
        _began ??= now;
        while (!_isOpen)
        {
            if (_socket is null && !Begin(now)) return false;
            if (_socket is null) continue;
            var error = Progress(now);
            if (error is null) return false;
            if (error == SocketError.Success && Settle()) break;
            GiveUp(error.Value);
        }

        return true;
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> destination)
    {
        if (IsClosed || destination.IsEmpty) return 0;
        var count = _socket!.Receive(destination, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return 0;
        IsClosed = error != SocketError.Success || count == 0;
        return IsClosed ? 0 : count;
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> data)
    {
        if (IsClosed) return;
        var sent = _queue.IsEmpty ? SendNow(data) : 0;
        if (!IsClosed && !_queue.TryKeep(data[sent..])) IsClosed = true;
    }

    /// <inheritdoc/>
    public bool Flush()
    {
        if (!IsClosed && !_queue.IsEmpty) _queue.Remove(SendNow(_queue.Kept));
        return _queue.IsEmpty;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
        IsClosed = true;
    }

    private bool Begin(TimeSpan now)
    {
        if (_next == addresses.Count || now - _began >= patience)
        {
            Failure = _lastFailure ?? CaptureCause.ConnectTimeout;
            return false;
        }

        var address = addresses[_next++];
        _deadline = now + PatienceOfOne;
        try
        {
            _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
            _socket.Connect(new IPEndPoint(address, port));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // On its way: the next sweep looks again.
        }
        catch (SocketException exception)
        {
            GiveUp(exception.SocketErrorCode);
        }

        return true;
    }

    // Null: still on its way.
    private SocketError? Progress(TimeSpan now)
    {
        if (_socket!.Poll(0, SelectMode.SelectWrite) || _socket.Poll(0, SelectMode.SelectError))
            return (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return now >= _deadline || now - _began >= patience ? SocketError.TimedOut : null;
    }

    private bool Settle()
    {
        try
        {
            (Local, Remote) = ((IPEndPoint)_socket!.LocalEndPoint!, (IPEndPoint)_socket.RemoteEndPoint!);
            return _isOpen = true;
        }
        catch (SocketException)
        {
            // Reset in the same moment.
            return false;
        }
    }

    private void GiveUp(SocketError error)
    {
        _socket?.Dispose();
        _socket = null;
        _lastFailure = error switch
        {
            SocketError.ConnectionRefused => CaptureCause.Refused,
            SocketError.TimedOut => CaptureCause.ConnectTimeout,
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Success or SocketError.NotConnected => CaptureCause.Disconnected,
            SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => CaptureCause.Internal,
            _ => CaptureCause.Unreachable,
        };
    }

    private int SendNow(ReadOnlySpan<byte> data)
    {
        // A full socket reports WouldBlock together with the count of what it did take.
        var sent = _socket!.Send(data, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock)) IsClosed = true;
        return sent;
    }
}
