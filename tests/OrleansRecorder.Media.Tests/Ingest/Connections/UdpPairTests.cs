using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Media.Ingest.Connections;

namespace OrleansRecorder.Media.Tests.Ingest.Connections;

public sealed class UdpPairTests
{
    private readonly byte[] _buffer = GC.AllocateArray<byte>(1 << 20, pinned: true);

    [Fact]
    public void Ports_are_an_even_one_and_the_next()
    {
        using var first = UdpPair.Open(IPAddress.Loopback, IPAddress.Loopback)!;
        using var second = UdpPair.Open(IPAddress.Loopback, IPAddress.Loopback)!;

        foreach (var pair in new[] { first, second })
        {
            Assert.Equal(0, pair.Rtp.Port % 2);
            Assert.Equal(pair.Rtp.Port + 1, pair.Rtcp.Port);
        }
    }

    [Fact]
    public async Task Datagrams_of_every_size_come_in_order_from_any_port_of_the_server()
    {
        using var pair = UdpPair.Open(IPAddress.Loopback, IPAddress.Loopback)!;
        int[] sizes = [12, 1400, 1, 65_000, .. Enumerable.Range(100, 40)];
        foreach (var size in sizes)
        {
            using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            sender.SendTo(Enumerable.Repeat((byte)size, size).ToArray(), new IPEndPoint(IPAddress.Loopback, pair.Rtp.Port));
        }

        var received = await Receive(pair.Rtp, sizes.Length);
        Assert.Equal(sizes, received.Select(datagram => datagram.Length));
        Assert.All(received, datagram => Assert.All(datagram, value => Assert.Equal((byte)datagram.Length, value)));
    }

    [Fact]
    public async Task Datagrams_of_another_address_are_not_delivered()
    {
        using var pair = UdpPair.Open(IPAddress.Any, IPAddress.Loopback)!;
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.SendTo("strange"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, pair.Rtcp.Port));
        server.SendTo("true"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, pair.Rtcp.Port));

        var received = await Receive(pair.Rtcp, 2);
        Assert.Equal([0, 4], received.Select(datagram => datagram.Length));
    }

    [Fact]
    public async Task What_is_sent_back_goes_to_the_port_that_the_last_datagram_came_from()
    {
        using var pair = UdpPair.Open(IPAddress.Loopback, IPAddress.Loopback)!;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        pair.Report("to nobody"u8);
        server.SendTo("report"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, pair.Rtcp.Port));
        await Receive(pair.Rtcp, 1);
        pair.Report("answer"u8);

        var received = new byte[20];
        Assert.Equal("answer"u8, received.AsSpan(0, server.Receive(received)));
    }

    [Fact]
    public async Task Datagrams_of_the_source_that_the_server_announced_are_delivered_too()
    {
        using var pair = UdpPair.Open(IPAddress.Any, IPAddress.Loopback)!;
        pair.Accept(IPAddress.Parse("127.0.0.9"));
        pair.Accept(IPAddress.IPv6Loopback);
        foreach (var (address, text) in new[] { ("127.0.0.8", "strange"), ("127.0.0.9", "announced"), ("127.0.0.1", "own") })
        {
            using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            sender.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            sender.SendTo(System.Text.Encoding.ASCII.GetBytes(text), new IPEndPoint(IPAddress.Loopback, pair.Rtp.Port));
        }

        var expected = new[] { 0, 9, 3 };
        Assert.Equal(expected, (await Receive(pair.Rtp, 3)).Select(datagram => datagram.Length));
    }

    [Fact]
    public async Task A_report_before_any_of_the_sender_goes_to_the_port_after_that_of_its_media()
    {
        using var pair = UdpPair.Open(IPAddress.Loopback, IPAddress.Loopback)!;
        using var server = UdpPair.Open(IPAddress.Loopback, IPAddress.Loopback)!;
        server.Rtp.Send("media"u8, new IPEndPoint(IPAddress.Loopback, pair.Rtp.Port));
        await Receive(pair.Rtp, 1);
        pair.Report("report"u8);

        var received = Assert.Single(await Receive(server.Rtcp, 1));
        Assert.Equal("report"u8, received);
    }

    [Fact]
    public async Task IPv6_works_alike()
    {
        if (!Socket.OSSupportsIPv6) return;
        using var pair = UdpPair.Open(IPAddress.IPv6Loopback, IPAddress.IPv6Loopback)!;
        using var server = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        server.SendTo("six"u8.ToArray(), new IPEndPoint(IPAddress.IPv6Loopback, pair.Rtp.Port));

        var received = Assert.Single(await Receive(pair.Rtp, 1));
        Assert.Equal("six"u8, received);
    }

    private async Task<List<byte[]>> Receive(UdpPort port, int count)
    {
        var received = new List<byte[]>();
        var datagrams = new Datagram[UdpPort.Batch];
        await Sweeps.Until(() =>
        {
            foreach (var datagram in datagrams.AsSpan(0, port.Receive(_buffer, datagrams))) received.Add(_buffer.AsSpan(datagram.Offset, datagram.Length).ToArray());
            return received.Count >= count;
        });
        return received;
    }
}
