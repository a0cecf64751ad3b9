using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansRecorder.Cameras.Sessions;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>One client's TCP connection: requests in, answers and interleaved media out. Used by the server's thread only.</summary>
internal sealed class RtspConnection : IDisposable
{
    /// <summary>Why a connection ends whose client takes nothing any more.</summary>
    public const string StalledClient = "takes nothing any more";

    // TCP_USER_TIMEOUT of <linux/tcp.h>, in milliseconds: how long what was sent may stay without an acknowledgement, or without room at the client.
    private const int TcpUserTimeout = 18;

    // RFC 3550 section 12.1.
    private const byte ReceiverReport = 201;

    // Interleaved data is at most so long.
    private const int LongestMessage = 4 + ushort.MaxValue;
    private const int SendBuffer = 256 << 10;

    private readonly Socket _socket;
    private readonly TcpOutput _output;
    private readonly List<(long Due, byte[] Reply)> _late = [];
    private byte[] _input = [];
    private bool _isReset;
    private (RtspRequest Request, Task Work)? _waiting;

    public RtspConnection(Socket socket, long now, TimeSpan stallTimeout, Random random)
    {
        // Asynchronous calls would register the socket with the runtime's epoll thread, which then wakes at every arrival: only
        // non-blocking calls are made here.
        socket.Blocking = false;
        socket.NoDelay = true;
        socket.SendBufferSize = SendBuffer;

        // Our own clock starts only when the send buffer is full, seconds later at a low bit rate: the kernel knows at once what the client does not take.
        socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes((int)stallTimeout.TotalMilliseconds));
        _socket = socket;
        _output = new TcpOutput(socket, random);
        Client = (IPEndPoint)socket.RemoteEndPoint!;
        Local = (IPEndPoint)socket.LocalEndPoint!;
        (LastHeard, LastTaken) = (now, now);
    }

    /// <summary>Its number in the <see cref="WireLog"/>; 0 without one.</summary>
    public int Number { get; init; }

    public IPEndPoint Client { get; }

    public IPEndPoint Local { get; }

    public TcpOutput Output => _output;

    /// <summary>The camera that the requests name, or null before the first.</summary>
    public Camera? Camera { get; set; }

    public Authentication? Authentication { get; set; }

    public MediaSession? Session { get; set; }

    /// <summary>The UDP addresses that receiver reports for the session come from.</summary>
    public List<SocketAddress> ReportsFrom { get; } = [];

    /// <summary>When the client last said anything, on the server's clock.</summary>
    public long LastHeard { get; set; }

    /// <summary>When a receiver report last came, or the session played, on the server's clock.</summary>
    public long LastReport { get; set; }

    /// <summary>When a GET_PARAMETER last came, or the session played, on the server's clock.</summary>
    public long LastGetParameter { get; set; }

    /// <summary>When the client last read anything, as far as we can tell.</summary>
    public long LastTaken { get; private set; }

    /// <summary>Why the connection has ended, or null.</summary>
    public string? Ended { get; private set; }

    /// <summary>Reads what has come and hands each whole request to <paramref name="handle"/>.</summary>
    /// <param name="scratch">Space to read into.</param>
    /// <param name="now">On the server's clock.</param>
    /// <param name="handle">Takes a request.</param>
    /// <param name="onReport">Hears of a receiver report.</param>
    public void Receive(Span<byte> scratch, long now, Action<RtspConnection, RtspRequest> handle, Action<RtspConnection> onReport)
    {
        var (isClosed, hasStalled) = (false, false);
        while (Ended is null)
        {
            var count = _socket.Receive(scratch, SocketFlags.None, out var error);
            isClosed = error != SocketError.WouldBlock && (error != SocketError.Success || count == 0);
            hasStalled = error == SocketError.TimedOut;
            if (isClosed || error == SocketError.WouldBlock) break;

            LastHeard = now;
            _input = [.. _input, .. scratch[..count]];
            if (_input.Length > 2 * LongestMessage) End("sends more than is answered");
        }

        if (_waiting is { Work.IsCompleted: true } waiting)
        {
            _waiting = null;
            handle(this, waiting.Request);
        }

        // What came before the end still counts, a TEARDOWN above all.
        if (_input.Length > 0) Handle(handle, onReport);
        if (isClosed) End(hasStalled ? StalledClient : "closed by the client");
    }

    /// <summary>Puts a request off until some work is done; requests after it wait too.</summary>
    public void WaitFor(Task work, RtspRequest request) => _waiting = (request, work);

    /// <summary>Answers a request.</summary>
    public void Reply(RtspRequest request, string status, string headers = "", string body = "") => _output.Send(Text(request, status, headers, body));

    /// <summary>Answers a request later; what is sent meanwhile goes before.</summary>
    public void ReplyAt(long due, RtspRequest request, string status, string headers) => _late.Add((due, Text(request, status, headers, "")));

    /// <summary>Sends bytes that are no answer of RTSP.</summary>
    public void SendRaw(string text) => _output.Send(Encoding.ASCII.GetBytes(text));

    /// <summary>Writes what the socket had no room for.</summary>
    public void Flush(long now)
    {
        foreach (var (_, reply) in _late.Where(late => late.Due <= now)) _output.Send(reply);
        _late.RemoveAll(late => late.Due <= now);
        var taken = _output.Taken;
        _output.Flush();
        if (!_output.IsBlocked || _output.Taken > taken) LastTaken = now;
        if (_output.HasFailed) End(_output.HasStalled ? StalledClient : "closed by the client");
    }

    /// <summary>Marks the connection as done; the first reason counts.</summary>
    public void End(string reason) => Ended ??= reason;

    /// <summary>Ends the connection with RST instead of FIN.</summary>
    public void Reset(string reason)
    {
        _socket.LingerState = new LingerOption(true, 0);
        _isReset = true;
        End(reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isReset) _output.Finish();
        _socket.Dispose();
    }

    private byte[] Text(RtspRequest request, string status, string headers, string body)
    {
        var quirks = Camera?.Options.Quirks.Replies;
        if (quirks is { SendsInPieces: true }) _output.SendsInPieces = true;
        return ReplyText.Of(quirks ?? CameraQuirks.None.Replies, request["CSeq"], status, headers, body);
    }

    private void Handle(Action<RtspConnection, RtspRequest> handle, Action<RtspConnection> onReport)
    {
        ReadOnlySpan<byte> rest = _input;
        while (Ended is null && _waiting is null && TryTake(ref rest, out var request, out var isReport))
        {
            if (request is not null) handle(this, request);
            if (isReport) onReport(this);
        }

        _input = rest.ToArray();
    }

    // Takes one whole message: a request, or interleaved data (receiver reports), which say only that the client is there.
    private bool TryTake(ref ReadOnlySpan<byte> rest, out RtspRequest? request, out bool isReport)
    {
        (request, isReport) = (null, false);
        if (rest.Length < 4) return false;
        int length;
        if (rest[0] == '$')
        {
            length = 4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            isReport = length >= 12 && length <= rest.Length && rest[5] == ReceiverReport;
        }
        else
        {
            var end = rest.IndexOf("\r\n\r\n"u8);
            if (end < 0 && rest.Length < LongestMessage) return false;
            request = end < 0 ? null : RtspRequest.Parse(rest[..end]);
            if (request?.ContentLength is not { } body || body > LongestMessage)
            {
                _output.Send(Encoding.ASCII.GetBytes($"RTSP/1.0 {RtspStatus.BadRequest}\r\n\r\n"));
                End("sends no RTSP");
                return false;
            }

            length = end + 4 + body;
        }

        if (length > rest.Length) return false;
        rest = rest[length..];
        return true;
    }
}
