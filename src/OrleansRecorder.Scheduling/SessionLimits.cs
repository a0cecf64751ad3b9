namespace OrleansRecorder.Scheduling;

/// <summary>How many streams of one camera host may be recorded at once.</summary>
/// <param name="PerHost">For every host that has no limit of its own; 0 for any number.</param>
/// <param name="Overrides">By <c>host:port</c>, or by <c>host</c> for all its ports; 0 for any number.</param>
public sealed record SessionLimits(int PerHost, IReadOnlyDictionary<string, int> Overrides)
{
    /// <summary>No limits.</summary>
    public static SessionLimits None { get; } = new(0, new Dictionary<string, int>());

    /// <summary>The limit of a host, <see cref="int.MaxValue"/> when it has none.</summary>
    /// <param name="server"><c>host:port</c>; null for a stream without a host.</param>
    public int Of(string? server)
    {
        if (server is null) return int.MaxValue;
        if (!Overrides.TryGetValue(server, out var limit) && !Overrides.TryGetValue(server[..server.LastIndexOf(':')], out limit)) limit = PerHost;
        return limit > 0 ? limit : int.MaxValue;
    }
}
