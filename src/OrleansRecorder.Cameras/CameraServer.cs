using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Cameras.Clips;
using OrleansRecorder.Cameras.Rtsp;
using OrleansRecorder.Cameras.Sessions;

namespace OrleansRecorder.Cameras;

/// <summary>
/// Simulated cameras behind an RTSP 1.0 server (RFC 2326), TCP-interleaved and UDP. One thread serves all of them, without a task or
/// timer a session, so that hundreds cost little.
/// </summary>
public sealed class CameraServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Camera> _cameras = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServerLoop _loop;
    private readonly long _started;

    private CameraServer(CameraServerOptions options)
    {
        if (options.ClientStallTimeout <= TimeSpan.Zero || options.ClientStallTimeout > TimeSpan.FromDays(1))
            throw new ArgumentOutOfRangeException(nameof(options), "the client stall timeout must be more than nothing and at most a day");
        Options = options;
        Ledger = new SessionLedger(options.Time, options.RememberedSessions);
        _started = options.Time.GetTimestamp();
        Clips = new ClipStore(options.CacheFolder, _stopping.Token);
        _loop = new ServerLoop(this, _stopping.Token);
        Port = _loop.Listen(options.Port);
        Host = options.Host ?? (options.Listen.Equals(IPAddress.Any) || options.Listen.Equals(IPAddress.IPv6Any) ? Dns.GetHostName()
            : options.Listen.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{options.Listen}]" : options.Listen.ToString());
    }

    /// <summary>Raised on the server's thread for every session that starts or ends: handlers must not wait.</summary>
    public event Action<CameraSessionEvent>? SessionChanged;

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>All cameras by number.</summary>
    public IReadOnlyList<Camera> Cameras => [.. _cameras.Values.OrderBy(c => c.Number)];

    /// <summary>The sessions of all cameras together.</summary>
    public SessionCounts Sessions => Ledger.All;

    internal CameraServerOptions Options { get; }

    internal SessionLedger Ledger { get; }

    internal string Host { get; }

    internal ClipStore Clips { get; }

    internal Random Random => Options.Random;

    /// <summary>Time since the start, in <see cref="TimeSpan"/> ticks.</summary>
    internal long Now => Options.Time.GetElapsedTime(_started).Ticks;

    /// <summary>Starts listening. Throws <see cref="SocketException"/> when the port is taken.</summary>
    public static CameraServer Start(CameraServerOptions? options = null)
    {
        var server = new CameraServer(options ?? new CameraServerOptions());
        server._loop.Start();
        return server;
    }

    /// <summary>Adds a camera, which can be watched at once. Throws <see cref="ArgumentException"/> with every problem of its options, or when its number is taken.</summary>
    public Camera Add(CameraOptions options)
    {
        var problems = options.Problems();
        if (problems.Count > 0) throw new ArgumentException($"camera {options.Number}: {string.Join("; ", problems)}", nameof(options));
        if (_cameras.ContainsKey(options.Number)) throw new ArgumentException($"camera {options.Number} is there already", nameof(options));

        var hasOwnPort = options.OwnPort || options.Fault.Kind == CameraFaultKind.Refuse;
        var door = hasOwnPort ? new CameraDoor(Options.Listen) : null;
        var camera = new Camera(this, options, door?.Port ?? Port);
        _cameras[options.Number] = camera;
        if (door is not null) _loop.Add(door, camera);
        return camera;
    }

    /// <summary>The camera of that number, or null.</summary>
    public Camera? Find(int number) => _cameras.GetValueOrDefault(number);

    /// <summary>Makes all clips ahead of the first clients, as many at once as there are processors.</summary>
    public Task PrepareAsync() => Task.WhenAll(_cameras.Values.Select(c => c.PrepareAsync()));

    /// <summary>All that is known of the sessions, at this moment.</summary>
    public SessionStatistics ReadStatistics() => Ledger.Read();

    /// <summary>Counts anew, beside the counts since the start; see <see cref="SessionStatistics.SinceReset"/>.</summary>
    public void ResetStatistics() => Ledger.Reset();

    /// <summary>Ends all sessions and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _loop.Ended;
    }

    /// <summary>How long a session of a camera may be silent.</summary>
    internal TimeSpan TimeoutOf(Camera camera) => camera.Options.Quirks.Session.Timeout ?? Options.SessionTimeout;

    /// <summary>Counts a session that plays, and returns what <see cref="CountEnd"/> wants.</summary>
    internal long CountStart(Camera camera, string client)
    {
        var order = Ledger.Start(camera.Number, client);
        Options.Log?.Invoke($"camera {camera.Number}: {client} plays ({Sessions.Playing} playing)");
        SessionChanged?.Invoke(new CameraSessionEvent(camera.Number, client, null));
        return order;
    }

    internal void CountEnd(long order, Camera camera, string client, string reason, SentVideo? video)
    {
        Ledger.End(order, reason, video);
        Options.Log?.Invoke($"camera {camera.Number}: {client} ended: {reason} ({Sessions.Playing} playing)");
        SessionChanged?.Invoke(new CameraSessionEvent(camera.Number, client, reason));
    }
}
