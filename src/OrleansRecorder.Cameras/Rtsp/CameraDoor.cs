using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>A listening TCP port that can be shut, so that connections are refused, and opened again under the same number.</summary>
internal sealed class CameraDoor : IDisposable
{
    private const int Backlog = 1024;

    private readonly IPEndPoint _endPoint;
    private Socket? _socket;
    private bool _isOpen;

    /// <summary>Takes a port, shut at first. Throws <see cref="SocketException"/> when it is taken already.</summary>
    public CameraDoor(IPAddress address, int port = 0)
    {
        _socket = Bind(new IPEndPoint(address, port));
        _endPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public int Port => _endPoint.Port;

    /// <summary>
    /// Opens or shuts the port. A port that is bound but not listened to refuses connections and cannot be taken by others. Throws
    /// <see cref="SocketException"/> when somebody took it in the moment between the two; calling again tries again.
    /// </summary>
    public void SetOpen(bool open)
    {
        if (open == _isOpen && _socket is not null) return;
        if (!open || _socket is null)
        {
            Dispose();
            _socket = Bind(_endPoint);
        }

        if (open) _socket.Listen(Backlog);
        _isOpen = open;
    }

    /// <summary>A client that waits, or null.</summary>
    public Socket? Accept()
    {
        if (!_isOpen || !_socket!.Poll(0, SelectMode.SelectRead)) return null;
        try
        {
            return _socket.Accept();
        }
        catch (SocketException)
        {
            // The client has gone between the two calls, or this process has no file descriptors left: the next tick tries again.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        (_socket, _isOpen) = (null, false);
    }

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
