namespace OrleansRecorder.Cameras;

/// <summary>What went over the wires of a <see cref="CameraServer"/>, for tests that look at both ends. Safe to read from any thread at any time.</summary>
public sealed class WireLog
{
    private readonly Lock _lock = new();
    private readonly List<WireConnection> _connections = [];
    private readonly List<WireRequest> _requests = [];
    private readonly List<WireReport> _reports = [];
    private readonly List<WireFrame> _frames = [];

    /// <summary>All TCP connections, in the order in which they were accepted.</summary>
    public IReadOnlyList<WireConnection> Connections
    {
        get
        {
            lock (_lock) return [.. _connections];
        }
    }

    /// <summary>All requests, in the order in which they came.</summary>
    public IReadOnlyList<WireRequest> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    /// <summary>All receiver reports, over TCP and UDP.</summary>
    public IReadOnlyList<WireReport> Reports
    {
        get
        {
            lock (_lock) return [.. _reports];
        }
    }

    /// <summary>Every frame of video that was sent.</summary>
    public IReadOnlyList<WireFrame> Frames
    {
        get
        {
            lock (_lock) return [.. _frames];
        }
    }

    internal int Opened(string client, TimeSpan at)
    {
        lock (_lock)
        {
            _connections.Add(new WireConnection(_connections.Count + 1, client, at, null));
            return _connections.Count;
        }
    }

    internal void Closed(int connection, TimeSpan at)
    {
        lock (_lock) _connections[connection - 1] = _connections[connection - 1] with { ClosedAt = at };
    }

    internal void Add(WireRequest request)
    {
        lock (_lock) _requests.Add(request);
    }

    internal void Add(WireReport report)
    {
        lock (_lock) _reports.Add(report);
    }

    internal void Add(WireFrame frame)
    {
        lock (_lock) _frames.Add(frame);
    }
}

/// <summary>A TCP connection. Times are since the server started.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Client">The client's address and port.</param>
/// <param name="OpenedAt">When it was accepted.</param>
/// <param name="ClosedAt">When it was closed by either side, or null.</param>
public sealed record WireConnection(int Number, string Client, TimeSpan OpenedAt, TimeSpan? ClosedAt);

/// <summary>A request.</summary>
/// <param name="Connection">The number of its connection.</param>
/// <param name="At">When it came.</param>
/// <param name="Method">The method.</param>
/// <param name="Url">Byte for byte.</param>
/// <param name="Headers">By name; not of the password.</param>
/// <param name="Scheme">The scheme of Authorization, such as <c>Digest</c>; empty without one.</param>
public sealed record WireRequest(int Connection, TimeSpan At, string Method, string Url, IReadOnlyDictionary<string, string> Headers, string Scheme);

/// <summary>A receiver report.</summary>
/// <param name="Connection">The number of its session's connection.</param>
/// <param name="At">When it came.</param>
public sealed record WireReport(int Connection, TimeSpan At);

/// <summary>A frame of video that was sent, whole or with packets missing.</summary>
/// <param name="Connection">The number of its session's connection.</param>
/// <param name="At">When it was sent.</param>
/// <param name="TakenAt">When the camera took it: a busy machine sends later than that.</param>
/// <param name="Index">Its place in the clip, in the order of decoding; the counter in the picture, unless the clip has B-frames.</param>
/// <param name="IsKey">Whether decoding can start there.</param>
/// <param name="IsWhole">Whether all of its packets were sent.</param>
public sealed record WireFrame(int Connection, TimeSpan At, TimeSpan TakenAt, int Index, bool IsKey, bool IsWhole);
