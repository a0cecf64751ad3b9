using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>The writing side of a connection. What the socket does not take at once is kept, up to a limit, and nothing more is taken meanwhile.</summary>
internal sealed class TcpOutput(Socket socket, Random random) : IPacketSink
{
    private const int MostKept = 4 << 20;
    private const int LongestRest = 3000;

    private byte[] _rest = [];
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

    /// <inheritdoc cref="ReplyQuirks.SendsInPieces"/>
    public bool SendsInPieces { get; set; }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packets)
    {
        if (!SendsInPieces)
        {
            SendWhole(packets);
            return;
        }

        byte[] all = [.. _rest, .. packets];
        var cut = all.Length - random.Next(Math.Min(all.Length, LongestRest) + 1);
        SendWhole(all.AsSpan(0, cut));
        _rest = all[cut..];
    }

    private void SendWhole(ReadOnlySpan<byte> packets)
    {
        var sent = IsBlocked ? 0 : Write(packets);
        if (sent < packets.Length && !HasFailed) Keep(packets[sent..]);
    }

    /// <summary>Writes what was cut off, before the connection is closed in peace.</summary>
    public void Finish()
    {
        SendWhole(_rest);
        _rest = [];
    }

    /// <summary>Tries again to write what is kept.</summary>
    public void Flush()
    {
        if (_rest.Length > 0)
        {
            // At least a byte a time, so that the end of a session comes too.
            var cut = 1 + random.Next(_rest.Length);
            var part = _rest.AsSpan(0, cut);
            _rest = _rest[cut..];
            SendWhole(part);
        }

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
