namespace Orleans;

/// <summary>A grain that can have reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>A tick: an ordinary request that activates the grain if need be.</summary>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
