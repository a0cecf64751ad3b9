using System.Net;

namespace OrleansRecorder.Cameras;

/// <summary>Where a <see cref="CameraServer"/> listens, and how it behaves.</summary>
public sealed record CameraServerOptions
{
    /// <summary>The address to listen on.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>The name or address that clients use; null: <see cref="Listen"/>, or this machine's name when it listens on all addresses.</summary>
    public string? Host { get; init; }

    /// <summary>Where clips are kept; null: <c>orleans-recorder</c> in <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>A session ends when its client has said nothing, keep-alive or receiver report, for so long.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A client that takes nothing for so long is reset and its session ended, as real cameras do, at most a day. Nothing taken means: its machine acknowledges
    /// nothing (it hangs, or the network is cut) or has no room (the program has stopped reading).
    /// </summary>
    public TimeSpan ClientStallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many sessions that have ended are remembered; the oldest are forgotten first.</summary>
    public int RememberedSessions { get; init; } = 20_000;

    /// <summary>Takes one line for every session that starts or ends, and for a clip that cannot be made; called on the server's thread.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Where everything that goes over the wires is noted, or null: it grows with every frame, which is for tests alone.</summary>
    public WireLog? Wire { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Decides which packets are lost, and gives sessions their first numbers. Must be safe for use by several threads when faults are set from several.</summary>
    public Random Random { get; init; } = Random.Shared;
}
