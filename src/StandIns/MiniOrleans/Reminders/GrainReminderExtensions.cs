using Microsoft.Extensions.DependencyInjection;

namespace Orleans;

/// <summary>A grain's reminders: schedules that outlive the activation, the silo, and with a database the cluster.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Registers a reminder, or gives the one of that name a new schedule.</summary>
    /// <exception cref="ArgumentException">A time is out of range.</exception>
    /// <exception cref="InvalidOperationException">The grain class is not <see cref="IRemindable"/>.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        RegisterOrUpdateReminder((IGrainBase)grain, reminderName, dueTime, period);

    /// <inheritdoc cref="RegisterOrUpdateReminder(Grain, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        RegistryFor(grain).RegisterOrUpdate(grain.GrainContext.GrainId, reminderName, dueTime, period);

    /// <summary>Ends a reminder.</summary>
    /// <exception cref="ReminderException">It was changed since it was read.</exception>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => UnregisterReminder((IGrainBase)grain, reminder);

    /// <inheritdoc cref="UnregisterReminder(Grain, IGrainReminder)"/>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        RegistryFor(grain).Unregister(grain.GrainContext.GrainId, reminder);

    /// <summary>The reminder of that name, or null.</summary>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => GetReminder((IGrainBase)grain, reminderName);

    /// <inheritdoc cref="GetReminder(Grain, string)"/>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        RegistryFor(grain).Get(grain.GrainContext.GrainId, reminderName);

    /// <summary>All reminders of the grain.</summary>
    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => GetReminders((IGrainBase)grain);

    /// <inheritdoc cref="GetReminders(Grain)"/>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => RegistryFor(grain).GetAll(grain.GrainContext.GrainId);

    private static ReminderRegistry RegistryFor(IGrainBase grain)
    {
        if (grain is not IRemindable)
            throw new InvalidOperationException($"{grain.GetType()} has no reminders: it does not implement {nameof(IRemindable)}.");
        return grain.GrainContext.ActivationServices.GetService<ReminderRegistry>()
            ?? throw new InvalidOperationException("The silo has no reminder service: call UseInMemoryReminderService or another Use…ReminderService.");
    }
}
