using System.Net;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A client's way to a gateway over the network.</summary>
internal sealed class RemoteGatewayConnection : IGatewayConnection
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http;
    private readonly DuplexContent _content;
    private readonly FrameStream _frames;
    private readonly ClientRuntime _client;
    private readonly CancellationTokenSource _closing = new();
    private Task _running = Task.CompletedTask;

    private RemoteGatewayConnection(HttpClient http, DuplexContent content, FrameStream frames, ClientRuntime client)
    {
        _http = http;
        _content = content;
        _frames = frames;
        _client = client;
    }

    public GrainTypeMap Map { get; private set; } = GrainTypeMap.Empty;

    public bool IsOpen { get; private set; } = true;

    public bool IsOver { get; private set; }

    /// <exception cref="ConnectionFailedException">Nobody answers there, or not as a gateway of the cluster.</exception>
    public static async Task<IGatewayConnection> Open(IPEndPoint endpoint, string clusterId, ClientRuntime client, CancellationToken cancellation)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = ConnectTime,
            InitialHttp2StreamWindowSize = 1 << 20,
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        };
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var content = new DuplexContent();
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timeout.CancelAfter(ConnectTime);
            var frames = await Connect(http, content, endpoint, client.MaxFrameSize, timeout.Token).ConfigureAwait(false);
            var connection = new RemoteGatewayConnection(http, content, frames, client);
            await connection.SayHello(clusterId, timeout.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            content.End();
            http.Dispose();
            throw new ConnectionFailedException($"The gateway {endpoint} cannot be reached: {exception.Message}", exception);
        }
    }

    public void Send(Message message)
    {
        if (!_frames.TrySend(FrameStream.Frame(message, _client.Exceptions))) IsOpen = false;
    }

    public async ValueTask DisposeAsync()
    {
        IsOpen = false;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _frames.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _content.End();
        _http.Dispose();
    }

    private static async Task<FrameStream> Connect(HttpClient http, DuplexContent content, IPEndPoint endpoint, int maxFrameSize, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder("http", endpoint.Address.ToString(), endpoint.Port, RemoteClient.Path).Uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var input = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        return new FrameStream(input, await content.Output.WaitAsync(cancellation).ConfigureAwait(false), maxFrameSize);
    }

    private async Task SayHello(string clusterId, CancellationToken cancellation)
    {
        var writing = Task.Run(_frames.WriteAllAsync, CancellationToken.None);
        _frames.TrySend(FrameStream.Frame(FrameKind.Hello, _client.Caller.Wire.Write(writer =>
        {
            writer.WriteUnsigned(RemoteClient.ProtocolVersion);
            writer.WriteString(clusterId);
            BuiltInCodecs.WriteGrainId(writer, _client.Id);
        })));
        var answer = await _frames.ReadAsync(cancellation).ConfigureAwait(false) ?? throw new InvalidDataException("The connection ended at once.");
        if (answer.Kind != FrameKind.Welcome) throw new InvalidDataException(answer.Kind == FrameKind.Refused ? Wire.ReadText(answer.Payload) : "This is no gateway.");
        Map = new GrainTypeMap(Slot<GrainTypeMap.Entry[]>.Instance.Read(_client.Caller.Wire.Read(answer.Payload)));
        _running = Task.WhenAll(writing, Task.Run(ReadAllAsync, CancellationToken.None));
    }

    private async Task ReadAllAsync()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, _frames.Broken);
        try
        {
            while (await _frames.ReadAsync(over.Token).ConfigureAwait(false) is { } frame)
            {
                if (frame.Kind == FrameKind.Message) _client.Receive(MessageCodec.Read(_client.Caller.Wire.Read(frame.Payload)), this);
                else if (frame.Kind == FrameKind.Goodbye) IsOpen = false;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException or InvalidDataException)
        {
            // The gateway is gone: the client connects anew, calls on their way time out.
        }

        (IsOpen, IsOver) = (false, true);
        _frames.Complete();
    }

    /// <summary>A request body that stays open and is written as frames come.</summary>
    private sealed class DuplexContent : HttpContent
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
