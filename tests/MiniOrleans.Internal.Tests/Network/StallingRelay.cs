using System.Net;
using System.Net.Sockets;

namespace MiniOrleans.Internal.Tests.Network;

/// <summary>Passes TCP connections on to an endpoint until it is told to stop reading the answers: a client that hangs, as its server sees it.</summary>
internal sealed class StallingRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _over = new();
    private volatile bool _isStalled;

    public StallingRelay(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public void Stall() => _isStalled = true;

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_over.Token);
                using var server = new TcpClient();
                await server.ConnectAsync(_target, _over.Token);
                await Task.WhenAny(Pass(client.GetStream(), server.GetStream(), () => false), Pass(server.GetStream(), client.GetStream(), () => _isStalled));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Pass(Stream from, Stream to, Func<bool> isStalled)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await from.ReadAsync(buffer, _over.Token)) > 0)
        {
            if (isStalled()) await Task.Delay(Timeout.Infinite, _over.Token);
            await to.WriteAsync(buffer.AsMemory(0, read), _over.Token);
        }
    }
}
