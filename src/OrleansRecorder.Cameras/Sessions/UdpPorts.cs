using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>The server's pair of UDP ports, RTP on the even one and RTCP on the next, shared by all sessions.</summary>
internal sealed class UdpPorts : IDisposable
{
    private const int Attempts = 100;
    private const int BufferBytes = 4 << 20;

    private readonly Socket _rtp;
    private readonly Socket _rtcp;
    private readonly byte[] _received = new byte[2048];

    public UdpPorts(IPAddress address)
    {
        for (var attempt = 1; ; attempt++)
        {
            (_rtp, _rtcp) = (Create(address), Create(address));
            try
            {
                _rtp.Bind(new IPEndPoint(address, 0));
                Port = ((IPEndPoint)_rtp.LocalEndPoint!).Port;
                if (Port % 2 != 0) throw new SocketException((int)SocketError.AddressNotAvailable);
                _rtcp.Bind(new IPEndPoint(address, Port + 1));
                return;
            }
            catch (SocketException) when (attempt < Attempts)
            {
                // An odd port, or its neighbour is taken: the next try gets another one.
                Dispose();
            }
        }
    }

    /// <summary>The port of RTP; RTCP's is one higher.</summary>
    public int Port { get; }

    /// <summary>A sink that sends to a client's ports.</summary>
    public IPacketSink To(IPAddress client, int rtpPort, int rtcpPort, TransportQuirks quirks, Random random) =>
        new Destination(this, new IPEndPoint(client, rtpPort).Serialize(), new IPEndPoint(client, rtcpPort).Serialize(), quirks, random);

    /// <summary>Reads what clients sent, and names the sender of each receiver report.</summary>
    public void Receive(Action<SocketAddress> onReport)
    {
        // What comes to the RTP port only opens firewalls.
        var sender = new SocketAddress(_rtp.AddressFamily);
        while (TryReceive(_rtp, sender))
        {
        }

        while (TryReceive(_rtcp, sender)) onReport(sender);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private bool TryReceive(Socket socket, SocketAddress sender)
    {
        // Not Available, which counts bytes: an empty datagram would hide all after it.
        if (!socket.Poll(0, SelectMode.SelectRead)) return false;
        try
        {
            socket.ReceiveFrom(_received, SocketFlags.None, sender);
            return true;
        }
        catch (SocketException)
        {
            // A datagram with a bad checksum is announced and then not there.
            return false;
        }
    }

    private static Socket Create(IPAddress address) => new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, SendBufferSize = BufferBytes };

    private sealed class Destination(UdpPorts ports, SocketAddress rtp, SocketAddress rtcp, TransportQuirks quirks, Random random) : IPacketSink
    {
        // One datagram of four waits for the next one, one of ten comes twice.
        private const int OneThatWaits = 4;
        private const int OneThatRepeats = 10;

        private byte[]? _waiting;

        public bool IsBlocked => false;

        public void Send(ReadOnlySpan<byte> packets)
        {
            while (packets.Length > 0)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(packets[2..]);
                SendInSomeOrder(packets.Slice(4, length));
                packets = packets[(4 + length)..];
            }
        }

        private void SendInSomeOrder(ReadOnlySpan<byte> packet)
        {
            if (quirks.ReordersDatagrams && _waiting is null && random.Next(OneThatWaits) == 0)
            {
                _waiting = packet.ToArray();
                return;
            }

            SendOne(packet);
            if (quirks.RepeatsDatagrams && random.Next(OneThatRepeats) == 0) SendOne(packet);
            if (_waiting is null) return;
            SendOne(_waiting);
            _waiting = null;
        }

        private void SendOne(ReadOnlySpan<byte> packet)
        {
            var isReport = packet[1] is 200;
            try
            {
                (isReport ? ports._rtcp : ports._rtp).SendTo(packet, SocketFlags.None, isReport ? rtcp : rtp);
            }
            catch (SocketException)
            {
                // A datagram that cannot leave is lost, as on any network; the client sees the gap.
            }
        }
    }
}
