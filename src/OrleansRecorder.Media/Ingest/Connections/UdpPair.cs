using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>The two ports of one track: RTP on an even one and RTCP on the next (RFC 3550, 11).</summary>
internal sealed class UdpPair : IDisposable
{
    private const int Attempts = 50;

    private UdpPair(UdpPort rtp, UdpPort rtcp) => (Rtp, Rtcp) = (rtp, rtcp);

    /// <summary>The even one.</summary>
    public UdpPort Rtp { get; }

    /// <summary>The odd one.</summary>
    public UdpPort Rtcp { get; }

    /// <summary>Binds a pair; null when there is none to be had.</summary>
    /// <param name="local">The address to receive at.</param>
    /// <param name="server">Who may send.</param>
    public static UdpPair? Open(IPAddress local, IPAddress server)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryOpen(local, server, 0) is not { } first) continue;
            var isEven = first.Port % 2 == 0;
            if (TryOpen(local, server, isEven ? first.Port + 1 : first.Port - 1) is { } second) return isEven ? new UdpPair(first, second) : new UdpPair(second, first);
            first.Dispose();
        }

        return null;
    }

    /// <summary>Takes datagrams of this address too.</summary>
    public void Accept(IPAddress source)
    {
        Rtp.Accept(source);
        Rtcp.Accept(source);
    }

    /// <summary>Sends a report to where the sender's come from; while none has come, to the port after the one that its media comes from.</summary>
    public void Report(ReadOnlySpan<byte> report) => Rtcp.SendBack(report, neighbour: Rtp);

    /// <inheritdoc/>
    public void Dispose()
    {
        Rtp.Dispose();
        Rtcp.Dispose();
    }

    private static UdpPort? TryOpen(IPAddress local, IPAddress server, int port)
    {
        try
        {
            return new UdpPort(new IPEndPoint(local, port), server);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
