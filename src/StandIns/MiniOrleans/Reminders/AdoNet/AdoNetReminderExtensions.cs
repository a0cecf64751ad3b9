using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Adds reminders that are kept in a relational database.</summary>
public static class AdoNetReminderExtensions
{
    /// <summary>Reminders in a database.</summary>
    public static ISiloBuilder UseAdoNetReminderService(this ISiloBuilder builder, Action<AdoNetReminderTableOptions> configureOptions) =>
        UseAdoNetReminderService(builder, (OptionsBuilder<AdoNetReminderTableOptions> options) => options.Configure(configureOptions));

    /// <summary>Reminders in a database.</summary>
    public static ISiloBuilder UseAdoNetReminderService(this ISiloBuilder builder, Action<OptionsBuilder<AdoNetReminderTableOptions>> configureOptions)
    {
        configureOptions(builder.Services.AddOptions<AdoNetReminderTableOptions>());
        builder.AddReminders();
        builder.Services.TryAddSingleton<IReminderTable, AdoNetReminderTable>();
        return builder;
    }
}
