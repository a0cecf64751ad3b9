using System.Net;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>A stream of bytes to a server that is driven by sweeps: no call waits. One thread at a time.</summary>
internal interface IByteConnection : IDisposable
{
    /// <summary>Why it could not be made, or null.</summary>
    CaptureCause? Failure { get; }

    /// <summary>The server has closed it, or it broke; what came before is still received.</summary>
    bool IsClosed { get; }

    /// <summary>This side's address, when it is made.</summary>
    IPEndPoint Local { get; }

    /// <summary>The server's address, when it is made.</summary>
    IPEndPoint Remote { get; }

    /// <summary>Goes on with making it; true when bytes can flow. See <see cref="Failure"/>.</summary>
    bool Connect(TimeSpan now);

    /// <summary>Bytes that have come; 0 when there are none now.</summary>
    int Receive(Span<byte> destination);

    /// <summary>Sends, or keeps what the server does not take yet. It breaks when that becomes much.</summary>
    void Send(ReadOnlySpan<byte> data);

    /// <summary>Sends what was kept; true when nothing is left.</summary>
    bool Flush();
}
