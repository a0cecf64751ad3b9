using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansRecorder.Cameras;

/// <summary>A port that speaks TLS and hands on to the server's own (rtsps), with a certificate that it signed itself for a name that is not its own, as cameras do.</summary>
public sealed class TlsDoor : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CameraServer _server;
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly Task _running;

    private TlsDoor(CameraServer server, IPAddress address)
    {
        _server = server;
        _certificate = Sign(server.Options.Time.GetUtcNow());
        _listener = new TcpListener(address, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _running = Accept();
    }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>Opens a free port beside the server's.</summary>
    public static TlsDoor Open(CameraServer server) => new(server, server.Options.Listen);

    /// <summary>A camera's address behind this door, with user and password.</summary>
    public string Url(Camera camera) => camera.Url.Replace("rtsp://", "rtsps://", StringComparison.Ordinal).Replace($":{_server.Port}/", $":{Port}/", StringComparison.Ordinal);

    /// <summary>Ends all connections and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _running;
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private static X509Certificate2 Sign(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=camera.invalid", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private async Task Accept()
    {
        List<Task> relays = [];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                relays.Add(Relay(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(relays);
    }

    private async Task Relay(TcpClient client)
    {
        using (client)
        {
            using var camera = new TcpClient();
            try
            {
                await using var secure = new SslStream(client.GetStream());
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
                await camera.ConnectAsync(_server.Options.Listen, _server.Port, _stopping.Token);
                await using var plain = camera.GetStream();
                await Task.WhenAny(secure.CopyToAsync(plain, _stopping.Token), plain.CopyToAsync(secure, _stopping.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
            {
                // Either side has gone, or the client does not trust us: nothing is left to do for it.
            }
        }
    }
}
