namespace OrleansRecorder.FarmTests.Network;

/// <summary>Which packets of a silo are lost, as rules of nftables.</summary>
/// <param name="Rules">What nft is told.</param>
internal sealed record NetworkCut(string Rules)
{
    private const string Table = "table inet cut";

    /// <summary>Nothing is lost.</summary>
    public const string None = $"{Table}; delete {Table}";

    /// <summary>It and these others do not hear one another.</summary>
    public static NetworkCut From(params string[] others) => Of($"ip saddr {{ {string.Join(", ", others)} }} drop", $"ip daddr {{ {string.Join(", ", others)} }} drop");

    /// <summary>These others hear it, but it does not hear them.</summary>
    public static NetworkCut Deaf(params string[] others) => Of($"ip saddr {{ {string.Join(", ", others)} }} drop", "");

    /// <summary>It hears these others, but they do not hear it.</summary>
    public static NetworkCut Mute(params string[] others) => Of("", $"ip daddr {{ {string.Join(", ", others)} }} drop");

    /// <summary>It does not reach what listens on that port elsewhere.</summary>
    public static NetworkCut FromPort(int port) => Of($"tcp sport {port} drop", $"tcp dport {port} drop");

    /// <summary>It reaches nothing but what listens on that port elsewhere.</summary>
    public static NetworkCut FromAllBut(int port) => Of($"tcp sport != {port} drop", $"tcp dport != {port} drop");

    // Its own loopback is no network.
    private static NetworkCut Of(string incoming, string outgoing) => new(
        $"{None}; {Table} {{ chain in {{ type filter hook input priority 0; policy accept; iif lo accept; {incoming}; }}; chain out {{ type filter hook output priority 0; policy accept; oif lo accept; {outgoing}; }}; }}");
}
