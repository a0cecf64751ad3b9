using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Reminders in the memory of the cluster.</summary>
internal sealed class MemoryReminderTable(Silo silo, IOptions<ClusterOptions> options) : IReminderTable
{
    private readonly MemoryReminders _reminders = silo.Cluster.RemindersOf(options.Value.ServiceId);

    public ValueTask<IReadOnlyList<ReminderRow>> ReadGrain(GrainId grain) => new([.. _reminders.Rows.Values.Where(row => row.Grain == grain)]);

    public ValueTask<IReadOnlyList<ReminderRow>> ReadRange(uint begin, uint end) =>
        new([.. _reminders.Rows.Values.Where(row => ReminderRing.IsInRange(row.Grain.GetUniformHashCode(), begin, end))]);

    public ValueTask<ReminderRow> Upsert(ReminderRow row)
    {
        var written = row with { ETag = Guid.NewGuid().ToString("N") };
        _reminders.Rows[(row.Grain, row.Name)] = written;
        return new(written);
    }

    public ValueTask<bool> Remove(GrainId grain, string name, string etag) =>
        new(_reminders.Rows.TryGetValue((grain, name), out var row) && row.ETag == etag && _reminders.Rows.TryRemove(KeyValuePair.Create((grain, name), row)));
}

/// <summary>The rows behind it.</summary>
internal sealed class MemoryReminders
{
    public ConcurrentDictionary<(GrainId Grain, string Name), ReminderRow> Rows { get; } = new();
}
