using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>An API as nginx sees it: takes whole requests and answers them, or dies with each as a process does that is killed.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly Task _accepting;

    private FakeApi(Func<string, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The first lines of all requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>One that closes the connection once it has a request.</summary>
    public static FakeApi Dying() => new((_, _, _) => Task.CompletedTask);

    /// <summary>One that answers 200 with the request's head as its body.</summary>
    public static FakeApi Healthy() => Answering(async (head, stream, stop) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {head.Length}\r\nConnection: close\r\n\r\n{head}"), stop));

    /// <summary>One that answers as a test says.</summary>
    public static FakeApi Answering(Func<string, Stream, CancellationToken, Task> answer) => new(answer);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task Accept()
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(Serve(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[64 << 10];
                var length = 0;
                while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
                {
                    var count = await stream.ReadAsync(buffer.AsMemory(length), _stopping.Token);
                    if (count == 0) return;
                    length += count;
                }

                var head = Encoding.ASCII.GetString(buffer, 0, buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8));
                Requests.Enqueue(head.Split("\r\n")[0]);
                await _answer(head, stream, _stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The test is over, or nginx has closed the connection.
            }
        }
    }
}
