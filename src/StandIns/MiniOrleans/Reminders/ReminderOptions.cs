namespace Orleans.Hosting;

/// <summary>The reminder service's settings.</summary>
public sealed class ReminderOptions
{
    /// <summary>The shortest period that can be registered. Default: 1 minute.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a silo reads its share of the stored reminders again. Default: 5 minutes.</summary>
    public TimeSpan RefreshReminderListPeriod { get; set; } = TimeSpan.FromMinutes(5);
}
