using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>The writing side of a connection. What the socket does not take at once is kept, up to a limit, and nothing more is taken meanwhile.</summary>
internal sealed class TcpOutput(Socket socket) : IPacketSink
{
    private const int MostKept = 4 << 20;

    private byte[] _kept = [];
    private int _keptFrom;
    private int _keptTo;

    /// <inheritdoc/>
    public bool IsBlocked => _keptTo > _keptFrom;

    /// <summary>Whether the connection is beyond use.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether it is so because the client took nothing for too long.</summary>
    public bool HasStalled { get; private set; }

    /// <summary>Bytes that the socket has taken, for telling a slow client from one that has stopped reading.</summary>
    public long Taken { get; private set; }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packets)
    {
        var sent = IsBlocked ? 0 : Write(packets);
        if (sent < packets.Length && !HasFailed) Keep(packets[sent..]);
    }

    /// <summary>Tries again to write what is kept.</summary>
    public void Flush()
    {
        if (!IsBlocked) return;
        _keptFrom += Write(_kept.AsSpan(_keptFrom.._keptTo));
        if (!IsBlocked) (_kept, _keptFrom, _keptTo) = ([], 0, 0);
    }

    private int Write(ReadOnlySpan<byte> bytes)
    {
        if (HasFailed) return 0;
        // A full socket reports WouldBlock together with the count of what it did take.
        var sent = socket.Send(bytes, SocketFlags.None, out var error);
        HasFailed = error is not (SocketError.Success or SocketError.WouldBlock);
        HasStalled = error == SocketError.TimedOut;
        Taken += sent;
        return sent;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var length = _keptTo - _keptFrom + bytes.Length;
        if (length > MostKept)
        {
            HasFailed = true;
            return;
        }

        var grown = new byte[length];
        _kept.AsSpan(_keptFrom.._keptTo).CopyTo(grown);
        bytes.CopyTo(grown.AsSpan(_keptTo - _keptFrom));
        (_kept, _keptFrom, _keptTo) = (grown, 0, length);
    }
}
