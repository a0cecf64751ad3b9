using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Ingest.Connections;

namespace OrleansRecorder.Media.Tests.Ingest.Connections;

public sealed class TcpConnectionTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TcpConnectionTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Bytes_go_both_ways_and_the_end_is_seen_after_the_last_of_them()
    {
        using var connection = new TcpConnection([IPAddress.Loopback], Port, Long);
        await Sweeps.Until(() => connection.Connect(TimeSpan.Zero));
        using var server = await _listener.AcceptSocketAsync();
        Assert.Equal(server.RemoteEndPoint, connection.Local);
        Assert.Equal(server.LocalEndPoint, connection.Remote);

        connection.Send("hello"u8);
        var received = new byte[5];
        await server.ReceiveAsync(received);
        Assert.Equal("hello"u8, received);

        await server.SendAsync("world"u8.ToArray());
        server.Shutdown(SocketShutdown.Both);
        var count = 0;
        await Sweeps.Until(() => (count += connection.Receive(received.AsSpan(count))) == 5);
        Assert.Equal("world"u8, received);
        Assert.False(connection.IsClosed);
        await Sweeps.Until(() => connection.Receive(received) == 0 && connection.IsClosed);
    }

    [Fact]
    public async Task What_the_server_does_not_take_is_kept_and_sent_later()
    {
        using var connection = new TcpConnection([IPAddress.Loopback], Port, Long);
        await Sweeps.Until(() => connection.Connect(TimeSpan.Zero));
        using var server = await _listener.AcceptSocketAsync();
        long sent = 0;
        var piece = new byte[64 << 10];
        while (connection.Flush())
        {
            piece.AsSpan().Fill((byte)(sent / piece.Length));
            connection.Send(piece);
            sent += piece.Length;
        }

        var received = new byte[piece.Length];
        for (long at = 0; at < sent;)
        {
            var count = await server.ReceiveAsync(received);
            for (var i = 0; i < count; i++) Assert.Equal((byte)((at + i) / piece.Length), received[i]);
            at += count;
            connection.Flush();
        }

        Assert.True(connection.Flush());
        Assert.False(connection.IsClosed);
    }

    [Fact]
    public async Task A_server_that_takes_nothing_is_given_up()
    {
        using var connection = new TcpConnection([IPAddress.Loopback], Port, Long);
        await Sweeps.Until(() => connection.Connect(TimeSpan.Zero));
        using var server = await _listener.AcceptSocketAsync();
        for (var i = 0; i < 10_000 && !connection.IsClosed; i++) connection.Send(new byte[16 << 10]);

        Assert.True(connection.IsClosed);
    }

    [Fact]
    public async Task A_port_without_a_server_refuses()
    {
        _listener.Stop();
        using var connection = new TcpConnection([IPAddress.Loopback], Port, Long);
        await Sweeps.Until(() => !connection.Connect(TimeSpan.Zero) && connection.Failure is not null);

        Assert.Equal(CaptureCause.Refused, connection.Failure);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_refuses()
    {
        using var connection = new TcpConnection([IPAddress.Parse("127.0.0.77"), IPAddress.Loopback], Port, Long);
        await Sweeps.Until(() => connection.Connect(TimeSpan.Zero));

        Assert.Equal(IPAddress.Loopback, connection.Remote.Address);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_has_five_seconds_and_then_the_next_one_is_tried()
    {
        using var full = new FullServer();
        using var connection = new TcpConnection([full.Address, full.OtherAddress], full.Port, Long);
        using var other = new TcpListener(full.OtherAddress, full.Port);
        other.Start();

        Assert.False(connection.Connect(TimeSpan.Zero));
        Assert.False(connection.Connect(TimeSpan.FromSeconds(4.9)));
        await Sweeps.Until(() => connection.Connect(TimeSpan.FromSeconds(5.1)));
        Assert.Equal(full.OtherAddress, connection.Remote.Address);
    }

    [Fact]
    public void All_addresses_together_have_no_more_time_than_they_were_given()
    {
        using var full = new FullServer();
        using var connection = new TcpConnection([full.Address, full.OtherAddress], full.Port, TimeSpan.FromSeconds(2));

        Assert.False(connection.Connect(TimeSpan.FromSeconds(10)));
        Assert.False(connection.Connect(TimeSpan.FromSeconds(11.9)));
        Assert.Null(connection.Failure);
        Assert.False(connection.Connect(TimeSpan.FromSeconds(12.1)));
        Assert.Equal(CaptureCause.ConnectTimeout, connection.Failure);
    }

    /// <summary>A server whose queue is full: the kernel does not answer who would connect.</summary>
    private sealed class FullServer : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _queued = [];

        public FullServer()
        {
            _listener.Bind(new IPEndPoint(Address, 0));
            _listener.Listen(1);
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _queued.Add(socket);
                try
                {
                    socket.Connect(new IPEndPoint(Address, Port));
                }
                catch (SocketException)
                {
                    // On its way.
                }
            }
        }

        public IPAddress Address { get; } = IPAddress.Parse("127.0.0.1");

        public IPAddress OtherAddress { get; } = IPAddress.Parse("127.0.0.2");

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose()
        {
            foreach (var socket in _queued) socket.Dispose();
            _listener.Dispose();
        }
    }
}
