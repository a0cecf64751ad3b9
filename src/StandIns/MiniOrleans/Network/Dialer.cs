using System.Net;

namespace Orleans.Runtime;

/// <summary>Connects to a silo or a gateway: one HTTP/2 request, of a TCP connection of its own, whose two bodies stay open.</summary>
internal sealed class Dialer : IDisposable
{
    private readonly HttpClient _http;
    private readonly OpenBody _body = new();

    private Dialer()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = NetworkTimes.Connect,
            InitialHttp2StreamWindowSize = NetworkTimes.Window,
            KeepAlivePingDelay = NetworkTimes.KeepAliveDelay,
            KeepAlivePingTimeout = NetworkTimes.KeepAliveTimeout,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What the other side says.</summary>
    public Stream Input { get; private set; } = Stream.Null;

    /// <summary>What this side says.</summary>
    public Stream Output { get; private set; } = Stream.Null;

    /// <exception cref="HttpRequestException">Nobody answers there, or not as a silo.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public static async Task<Dialer> Connect(IPEndPoint endpoint, string path, CancellationToken cancellation)
    {
        var dialer = new Dialer();
        try
        {
            await dialer.Open(endpoint, path, cancellation).ConfigureAwait(false);
            return dialer;
        }
        catch
        {
            dialer.Dispose();
            throw;
        }
    }

    /// <summary>The other side is told that no more comes.</summary>
    public Task EndOutput()
    {
        _body.End();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _body.End();
        _http.Dispose();
    }

    private async Task Open(IPEndPoint endpoint, string path, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{endpoint}{path}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _body,
        };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        Input = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        Output = await _body.Output.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>A request body that stays open and is written as frames come.</summary>
    private sealed class OpenBody : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _output = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Output => _output.Task;

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync().ConfigureAwait(false);
            _output.TrySetResult(stream);
            await _end.Task.ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>How long the network waits for what.</summary>
internal static class NetworkTimes
{
    /// <summary>Bytes that may be under way on a connection before the reader takes them.</summary>
    public const int Window = 2 << 20;

    /// <summary>Until there is a TCP connection.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(3);

    /// <summary>Until the handshake is over.</summary>
    public static readonly TimeSpan Handshake = TimeSpan.FromSeconds(5);

    /// <summary>A silent connection is asked by HTTP/2 pings whether it is still there; silos that hang are found sooner, by membership.</summary>
    public static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(5);

    /// <summary>A connection that does not answer so long is over.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Between attempts to connect to a silo: the first one, then twice as long each time.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between attempts.</summary>
    public static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    /// <summary>For a silo that leaves, until all others have said that they send it no more.</summary>
    public static readonly TimeSpan Leave = TimeSpan.FromSeconds(3);
}
