using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles.Nodes;

/// <summary>What is known of a node beyond what is remembered. Lost with the activation, and found out again within a second.</summary>
/// <param name="Report">Its last report.</param>
/// <param name="HeardAt">When that came, since the roster was made.</param>
/// <param name="HeardAtUtc">The same moment by the clock (UTC), for people.</param>
/// <param name="LeaseUntil">Until when its last lease runs at most, since the roster was made.</param>
internal sealed record NodeLink(NodeReport Report, TimeSpan HeardAt, DateTimeOffset HeardAtUtc, TimeSpan LeaseUntil);
