using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Cameras.Rtsp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>
/// The server's one thread. Every tick it takes new clients, reads and answers requests, and sends each session what is due, with
/// non-blocking calls only: no client can hold up another.
/// </summary>
internal sealed class ServerLoop(CameraServer server, CancellationToken stopping)
{
    private const int MostConnections = 20_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<(CameraDoor Door, Camera? Camera)> _doors = [];
    private readonly List<RtspConnection> _connections = [];
    private readonly UdpPorts _udp = new(server.Options.Listen);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RequestHandler _handler = null!;
    private Action<RtspConnection, RtspRequest> _handle = null!;
    private Action<RtspConnection> _report = null!;
    private byte[] _scratch = new byte[64 << 10];

    /// <summary>Completes when the thread has ended and everything is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes the server's port and returns its number.</summary>
    public int Listen(int port)
    {
        try
        {
            var door = new CameraDoor(server.Options.Listen, port);
            Add(door, null);
            return door.Port;
        }
        catch
        {
            _udp.Dispose();
            throw;
        }
    }

    /// <summary>Adds a port; a camera's own one is open unless its fault is to refuse.</summary>
    public void Add(CameraDoor door, Camera? camera)
    {
        door.SetOpen(camera is null || camera.Fault.Kind != CameraFaultKind.Refuse);
        lock (_lock) _doors.Add((door, camera));
    }

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _handler = new RequestHandler(server, _udp);
        _handle = _handler.Handle;
        _report = Report;
        new Thread(Run) { Name = "cameras", IsBackground = true }.Start();
    }

    private void Run()
    {
        try
        {
            var next = server.Now;
            while (!stopping.IsCancellationRequested)
            {
                Turn();
                next = Math.Max(next + Tick.Ticks, server.Now);
                stopping.WaitHandle.WaitOne(TimeSpan.FromTicks(Math.Max(0, next - server.Now)));
            }

            CloseAll();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            // Nothing is meant to come here. Clients see the end at once, and whoever disposes the server the reason.
            server.Options.Log?.Invoke($"the cameras have failed: {e}");
            CloseAll();
            _ended.SetException(e);
        }
    }

    private void Turn()
    {
        OpenDoors();
        _udp.Receive(HearFrom);
        var now = server.Now;
        var wallClock = server.Options.Time.GetUtcNow();
        Action<RtspConnection> read = c => Read(c, now);
        Action<RtspConnection> advance = c => Advance(c, now, wallClock);
        // Who plays is read first: who has left by now must not count beside who has just come.
        foreach (var connection in _connections)
        {
            if (connection.Session is { HasPlayed: true }) Step(connection, read);
        }

        foreach (var connection in _connections)
        {
            if (connection.Session is not { HasPlayed: true }) Step(connection, read);
        }

        foreach (var connection in _connections) Step(connection, advance);
        Close(c => c.Ended is not null);
    }

    private void OpenDoors()
    {
        lock (_lock)
        {
            foreach (var (door, camera) in _doors)
            {
                try
                {
                    door.SetOpen(camera is null || camera.Fault.Kind != CameraFaultKind.Refuse);
                }
                catch (SocketException)
                {
                    // Somebody else has the port at this moment; the next tick tries again.
                }

                while (door.Accept() is { } socket) Welcome(socket);
            }
        }
    }

    private void Welcome(Socket socket)
    {
        try
        {
            if (_connections.Count >= MostConnections)
            {
                socket.Dispose();
                return;
            }

            var now = TimeSpan.FromTicks(server.Now);
            var number = server.Options.Wire?.Opened($"{socket.RemoteEndPoint}", now) ?? 0;
            _connections.Add(new RtspConnection(socket, now.Ticks, server.Options.ClientStallTimeout, server.Random) { Number = number });
        }
        catch (SocketException)
        {
            // The client has gone already.
            socket.Dispose();
        }
    }

    private void HearFrom(SocketAddress sender)
    {
        foreach (var connection in _connections)
        {
            if (connection.ReportsFrom.Contains(sender)) Report(connection);
        }
    }

    private void Report(RtspConnection connection)
    {
        (connection.LastHeard, connection.LastReport) = (server.Now, server.Now);
        server.Options.Wire?.Add(new WireReport(connection.Number, TimeSpan.FromTicks(server.Now)));
    }

    private void Read(RtspConnection connection, long now)
    {
        connection.Receive(_scratch, now, _handle, _report);
        if (connection.Ended is { } reason) _handler.EndSession(connection, reason);
    }

    private void Advance(RtspConnection connection, long now, DateTimeOffset wallClock)
    {
        connection.Flush(now);
        if (IsSilent(connection, now)) connection.End("timed out");
        if (now - connection.LastTaken > server.Options.ClientStallTimeout.Ticks) connection.Reset(RtspConnection.StalledClient);
        if (connection.Camera?.Fault.Kind == CameraFaultKind.Refuse) connection.Reset("refused");
        if (connection.Session is not { } session || connection.Ended is not null) return;

        if (session.MustReset(now))
        {
            connection.Reset("reset");
            return;
        }

        if (_scratch.Length < session.LargestTick) _scratch = new byte[session.LargestTick];
        var wantsReports = session.Camera.Options.Quirks.Session.NeedsReportsEvery is { } limit && now - connection.LastReport > limit.Ticks;
        if (!wantsReports) session.Advance(now, wallClock, _scratch, connection.Number);
    }

    private bool IsSilent(RtspConnection connection, long now)
    {
        if (connection.Camera is not { } camera) return now - connection.LastHeard > server.Options.SessionTimeout.Ticks;
        var isKept = camera.Options.Quirks.Session.NeedsGetParameter && connection.Session is { HasPlayed: true };
        return now - (isKept ? connection.LastGetParameter : connection.LastHeard) > server.TimeoutOf(camera).Ticks;
    }

    private void Step(RtspConnection connection, Action<RtspConnection> step)
    {
        try
        {
            if (connection.Ended is null) step(connection);
        }
        catch (Exception e)
        {
            // Whatever is wrong with one client must not end the others.
            server.Options.Log?.Invoke($"{connection.Client}: {e.GetType().Name}: {e.Message}");
            connection.End("failed");
        }
    }

    private void Close(Predicate<RtspConnection> which) => _connections.RemoveAll(connection =>
    {
        if (!which(connection)) return false;
        _handler.EndSession(connection, connection.Ended ?? "the server stops");
        if (connection.Number > 0) server.Options.Wire?.Closed(connection.Number, TimeSpan.FromTicks(server.Now));
        connection.Dispose();
        return true;
    });

    private void CloseAll()
    {
        Close(_ => true);
        _udp.Dispose();
        lock (_lock)
        {
            foreach (var (door, _) in _doors) door.Dispose();
        }
    }
}
