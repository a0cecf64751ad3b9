using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>What membership logs.</summary>
internal sealed partial class MembershipLog(ILoggerFactory factory)
{
    private readonly ILogger _logger = factory.CreateLogger("Orleans.Runtime.MembershipService.MembershipAgent");

    [LoggerMessage(1, LogLevel.Critical, "The cluster has given up the silo {Silo} (suspected by {By}): it ends")]
    public partial void GivenUp(SiloAddress silo, string by);

    [LoggerMessage(2, LogLevel.Warning, "The silo {Silo} did not answer, {Missed} times in a row")]
    public partial void ProbeMissed(SiloAddress silo, int missed);

    [LoggerMessage(3, LogLevel.Information, "A probe of the silo {Silo} does not count: this silo was held up itself")]
    public partial void ProbeNotCounted(SiloAddress silo);

    [LoggerMessage(4, LogLevel.Warning, "The suspicion of the silo {Silo} could not be written; it waits")]
    public partial void VoteWaits(Exception exception, SiloAddress silo);

    [LoggerMessage(5, LogLevel.Warning, "The silo {Silo} is declared dead")]
    public partial void DeclaredDead(SiloAddress silo);

    [LoggerMessage(6, LogLevel.Warning, "The silo {Silo} is suspected")]
    public partial void Suspected(SiloAddress silo);

    [LoggerMessage(7, LogLevel.Warning, "The membership table cannot be reached: {Doing} waits, the silo goes on with what it knows")]
    public partial void TableAway(Exception exception, string doing);

    [LoggerMessage(8, LogLevel.Information, "The silo waits to join: it does not reach {Silos}")]
    public partial void JoinWaits(string silos);

    [LoggerMessage(9, LogLevel.Warning, "This process was not running for a while: the silo looks whether the cluster still knows it")]
    public partial void Thawed();

    [LoggerMessage(10, LogLevel.Warning, "That this silo is {Status} could not be written; the others will find out by themselves")]
    public partial void NotAnnounced(Exception exception, SiloStatus status);

    [LoggerMessage(11, LogLevel.Error, "The silo {Silo} refuses this one")]
    public partial void Refused(Exception exception, SiloAddress silo);

    [LoggerMessage(13, LogLevel.Warning, "The memory storage \"{Provider}\" is this silo's alone: other silos do not see what is in it, and it is lost with the silo")]
    public partial void MemoryStays(string provider);

    [LoggerMessage(12, LogLevel.Warning, "What the dead silo {Silo} had registered could not be removed from the directory; it is replaced when it is needed")]
    public partial void NotCleared(Exception exception, SiloAddress silo);
}
