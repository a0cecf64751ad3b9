using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Hosting;

/// <summary>
/// Of two nodes of one name that start at the same moment, and so do not find each other before they join, the younger one ends as soon as it
/// sees the other.
/// </summary>
internal sealed partial class NamesakeWatch(
    IClusterMembershipService membership, ILocalSiloDetails self, IHostApplicationLifetime lifetime, ILogger<NamesakeWatch> logger) : BackgroundService
{
    /// <summary>The silo that has the name, or null.</summary>
    public SiloAddress? Rival { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                Rival = snapshot.Members.Values.FirstOrDefault(IsRival)?.SiloAddress;
                if (Rival is null) continue;
                LogRival(self.Name, Rival);
                lifetime.StopApplication();
                return;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private bool IsRival(ClusterMember member) =>
        member.Status == SiloStatus.Active && member.Name == self.Name && !member.SiloAddress.Endpoint.Equals(self.SiloAddress.Endpoint) && IsOlder(member.SiloAddress);

    private bool IsOlder(SiloAddress other) => other.Generation != self.SiloAddress.Generation
        ? other.Generation < self.SiloAddress.Generation
        : string.CompareOrdinal(other.ToParsableString(), self.SiloAddress.ToParsableString()) < 0;

    [LoggerMessage(3001, LogLevel.Critical, "The node name {Name} is in use by {Rival}: this process ends")]
    private partial void LogRival(string name, SiloAddress rival);
}
