using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Adds reminders.</summary>
public static class ReminderExtensions
{
    /// <summary>Reminders in the memory of the cluster, lost with it.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.AddReminders();
        builder.Services.TryAddSingleton<IReminderTable, MemoryReminderTable>();
        return builder;
    }

    /// <summary>The reminder service without a table.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton<ReminderRegistry>();
        builder.Services.TryAddSingleton<LocalReminderService>();
        return builder;
    }
}
