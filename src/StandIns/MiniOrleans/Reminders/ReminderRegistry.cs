using Microsoft.Extensions.Options;

namespace Orleans.Runtime;

/// <summary>What grains ask about their reminders. The silo that owns a reminder's place on the ring is told of every change.</summary>
internal sealed class ReminderRegistry(IReminderTable table, Silo silo, IOptions<ReminderOptions> options)
{
    public async Task<IGrainReminder> RegisterOrUpdate(GrainId grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (dueTime < TimeSpan.Zero || dueTime == TimeSpan.MaxValue) throw new ArgumentException($"The due time {dueTime} of a reminder is neither 0 nor a finite time.", nameof(dueTime));
        if (period <= TimeSpan.Zero || period == TimeSpan.MaxValue || period < options.Value.MinimumReminderPeriod)
            throw new ArgumentException($"The period {period} of a reminder is less than the minimum, {options.Value.MinimumReminderPeriod}.", nameof(period));

        var firstTick = silo.Time.GetUtcNow().UtcDateTime + dueTime;
        var row = await table.Upsert(new ReminderRow(grain, name, firstTick, period, ""));
        await TellOwner(grain);
        return new GrainReminder(name, row.ETag);
    }

    public async Task Unregister(GrainId grain, IGrainReminder reminder)
    {
        if (reminder is not GrainReminder registered) throw new ArgumentException("The reminder does not come from GetReminder or RegisterOrUpdateReminder.", nameof(reminder));
        if (!await table.Remove(grain, registered.ReminderName, registered.ETag))
        {
            var rows = await table.ReadGrain(grain);
            if (rows.Any(row => row.Name == registered.ReminderName))
                throw new ReminderException($"The reminder \"{registered.ReminderName}\" of {grain} was changed since it was read.");
        }

        await TellOwner(grain);
    }

    public async Task<IGrainReminder?> Get(GrainId grain, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return (await table.ReadGrain(grain)).FirstOrDefault(row => row.Name == name) is { } row ? new GrainReminder(row.Name, row.ETag) : null;
    }

    public async Task<List<IGrainReminder>> GetAll(GrainId grain) => [.. (await table.ReadGrain(grain)).Select(row => new GrainReminder(row.Name, row.ETag))];

    private async Task TellOwner(GrainId grain)
    {
        if (ReminderRing.OwnerOf(grain.GetUniformHashCode(), silo.Membership.CurrentSnapshot.Active) is not { } owner) return;
        try
        {
            await silo.ControlOf(owner).RefreshReminders(grain, hops: 2);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // The row is stored: whoever owns it next, or at the next refresh, finds it.
            silo.Log.ReminderNotTold(exception, grain, owner);
        }
    }

    private sealed record GrainReminder(string ReminderName, string ETag) : IGrainReminder;
}
