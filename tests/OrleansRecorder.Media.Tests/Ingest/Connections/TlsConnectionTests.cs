using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Ingest.Connections;

namespace OrleansRecorder.Media.Tests.Ingest.Connections;

public sealed class TlsConnectionTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TlsConnectionTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Bytes_go_both_ways_and_all_of_it_happens_in_sweeps()
    {
        using var connection = Connection(acceptsAnyCertificate: true);
        var serving = Serve();
        await Sweeps.Until(() => connection.Connect(TimeSpan.Zero));
        using var server = await serving;

        connection.Send("hello"u8);
        var received = new byte[5];
        await server.ReadExactlyAsync(received);
        Assert.Equal("hello"u8, received);

        var sent = RandomNumberGenerator.GetBytes(3_000_000);
        var sending = server.WriteAsync(sent);
        var (all, count) = (new byte[sent.Length], 0);
        await Sweeps.Until(() => (count += connection.Receive(all.AsSpan(count))) == all.Length);
        await sending;
        Assert.Equal(sent, all);
        server.Dispose();
        await Sweeps.Until(() => connection.Receive(received) == 0 && connection.IsClosed);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_unless_any_is_accepted()
    {
        using var connection = Connection(acceptsAnyCertificate: false);
        var serving = Serve();
        await Sweeps.Until(() => !connection.Connect(TimeSpan.Zero) && connection.Failure is not null);

        Assert.Equal(CaptureCause.Tls, connection.Failure);
        connection.Dispose();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_server_without_TLS_is_told_apart()
    {
        using var connection = Connection(acceptsAnyCertificate: true);
        var accepting = Task.Run(async () =>
        {
            using var socket = await _listener.AcceptSocketAsync();
            await socket.SendAsync("RTSP/1.0 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        await Sweeps.Until(() => !connection.Connect(TimeSpan.Zero) && connection.Failure is not null);

        Assert.Equal(CaptureCause.Tls, connection.Failure);
        await accepting;
    }

    [Fact]
    public async Task A_server_that_is_silent_has_five_seconds()
    {
        using var connection = Connection(acceptsAnyCertificate: true);
        var accepting = _listener.AcceptSocketAsync();
        await Sweeps.Until(() => !connection.Connect(TimeSpan.FromSeconds(1)) && accepting.IsCompleted);
        using var silent = await accepting;

        Assert.False(connection.Connect(TimeSpan.FromSeconds(1)));
        Assert.False(connection.Connect(TimeSpan.FromSeconds(5.9)));
        Assert.Null(connection.Failure);
        Assert.False(connection.Connect(TimeSpan.FromSeconds(6.1)));
        Assert.Equal(CaptureCause.ConnectTimeout, connection.Failure);
    }

    private TlsConnection Connection(bool acceptsAnyCertificate) =>
        new(new TcpConnection([IPAddress.Loopback], ((IPEndPoint)_listener.LocalEndpoint).Port, TimeSpan.FromMinutes(1)), "localhost", acceptsAnyCertificate);

    private async Task<SslStream> Serve()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=camera", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var stream = new SslStream(new NetworkStream(await _listener.AcceptSocketAsync(), ownsSocket: true));
        await stream.AuthenticateAsServerAsync(certificate);
        // A client that does not like the certificate says so only now.
        await stream.WriteAsync(ReadOnlyMemory<byte>.Empty);
        return stream;
    }
}
