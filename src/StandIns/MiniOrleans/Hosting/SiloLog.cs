using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>What a silo logs, under the categories of the real engine.</summary>
internal sealed partial class SiloLog(ILoggerFactory factory)
{
    private readonly ILogger _invocation = factory.CreateLogger("Orleans.Grain.InvokeException");
    private readonly ILogger _catalog = factory.CreateLogger("Orleans.Runtime.Catalog");
    private readonly ILogger _timers = factory.CreateLogger("Orleans.Runtime.GrainTimer");
    private readonly ILogger _messaging = factory.CreateLogger("Orleans.Runtime.Messaging.Router");
    private readonly ILogger _reminders = factory.CreateLogger("Orleans.Runtime.ReminderService.LocalReminderService");
    private readonly ILogger _silo = factory.CreateLogger("Orleans.Runtime.Silo");

    public void OneWayFailed(Exception exception, string type, string method, GrainId grain) => OneWayFailed(_invocation, exception, type, method, grain);

    public void ActivationFailed(Exception exception, GrainId grain) => ActivationFailed(_catalog, exception, grain);

    public void DeactivationFailed(Exception exception, GrainId grain) => DeactivationFailed(_catalog, exception, grain);

    public void TurnFailed(Exception exception, GrainId grain) => TurnFailed(_catalog, exception, grain);

    public void TimerFailed(Exception exception, GrainId grain) => TimerFailed(_timers, exception, grain);

    public void MessageDropped(GrainId grain, string why) => MessageDropped(_messaging, grain, why);

    public void ReminderFailed(Exception exception, string reminder, GrainId grain) => ReminderFailed(_reminders, exception, reminder, grain);

    public void ReminderNotTold(Exception exception, GrainId grain, SiloAddress owner) => ReminderNotTold(_reminders, exception, grain, owner);

    public void RemindersNotRead(Exception exception) => RemindersNotRead(_reminders, exception);

    public void Started(SiloAddress silo, string name, string cluster) => Started(_silo, silo, name, cluster);

    public void Stopped(SiloAddress silo) => Stopped(_silo, silo);

    public void StopCutShort(SiloAddress silo) => StopCutShort(_silo, silo);

    public void MessageFailed(Exception exception, GrainId target) => MessageFailed(_messaging, exception, target);

    public void AnswerDropped(GrainId target, SiloAddress silo, string why) => AnswerDropped(_messaging, target, silo, why);

    public void ConnectionRefused(string kind, string why) => ConnectionRefused(_messaging, kind, why);

    public void ClientTooSlow(GrainId client) => ClientTooSlow(_messaging, client);

    public void ConnectionLost(SiloAddress silo, string why) => ConnectionLost(_messaging, silo, why);

    public void SiloNotReached(SiloAddress silo, string why) => SiloNotReached(_messaging, silo, why);

    [LoggerMessage(17, LogLevel.Information, "The connection to the silo {Silo} was lost: {Why}")]
    private static partial void ConnectionLost(ILogger logger, SiloAddress silo, string why);

    [LoggerMessage(18, LogLevel.Warning, "{Why} (silo {Silo}; it is tried again whenever there is a message for it)")]
    private static partial void SiloNotReached(ILogger logger, SiloAddress silo, string why);

    [LoggerMessage(16, LogLevel.Warning, "The client {Client} reads too slowly, too much waits for it: its connection was closed")]
    private static partial void ClientTooSlow(ILogger logger, GrainId client);

    [LoggerMessage(13, LogLevel.Error, "A message to {Target} that arrived could not be taken in")]
    private static partial void MessageFailed(ILogger logger, Exception exception, GrainId target);

    [LoggerMessage(14, LogLevel.Debug, "An answer or cancellation to {Target} was dropped, {Silo} cannot be reached: {Why}")]
    private static partial void AnswerDropped(ILogger logger, GrainId target, SiloAddress silo, string why);

    [LoggerMessage(15, LogLevel.Warning, "The connection of a {Kind} was refused: {Why}")]
    private static partial void ConnectionRefused(ILogger logger, string kind, string why);

    [LoggerMessage(1, LogLevel.Warning, "The one-way call {Type}.{Method} of {Grain} failed")]
    private static partial void OneWayFailed(ILogger logger, Exception exception, string type, string method, GrainId grain);

    [LoggerMessage(2, LogLevel.Warning, "{Grain} could not be activated")]
    private static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(3, LogLevel.Warning, "The end of {Grain} did not go as it should")]
    private static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(12, LogLevel.Error, "A turn of {Grain} failed outside of the grain's own code")]
    private static partial void TurnFailed(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(4, LogLevel.Error, "A timer of {Grain} failed")]
    private static partial void TimerFailed(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(5, LogLevel.Warning, "A message to {Grain} was dropped: {Why}")]
    private static partial void MessageDropped(ILogger logger, GrainId grain, string why);

    [LoggerMessage(6, LogLevel.Error, "The reminder {Reminder} of {Grain} failed")]
    private static partial void ReminderFailed(ILogger logger, Exception exception, string reminder, GrainId grain);

    [LoggerMessage(7, LogLevel.Warning, "The silo {Owner} could not be told of the reminders of {Grain}; it will find them at its next refresh")]
    private static partial void ReminderNotTold(ILogger logger, Exception exception, GrainId grain, SiloAddress owner);

    [LoggerMessage(8, LogLevel.Error, "The reminders could not be read; what is scheduled goes on")]
    private static partial void RemindersNotRead(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Information, "Silo {Silo} ({Name}) is active in cluster {Cluster}; engine: MiniOrleans")]
    private static partial void Started(ILogger logger, SiloAddress silo, string name, string cluster);

    [LoggerMessage(10, LogLevel.Information, "Silo {Silo} has stopped")]
    private static partial void Stopped(ILogger logger, SiloAddress silo);

    [LoggerMessage(11, LogLevel.Warning, "Silo {Silo} stops before all its grains have ended")]
    private static partial void StopCutShort(ILogger logger, SiloAddress silo);
}
