namespace Orleans.Runtime;

/// <summary>A stored reminder.</summary>
internal sealed record ReminderRow(GrainId Grain, string Name, DateTime FirstTick, TimeSpan Period, string ETag);

/// <summary>Where reminders are kept.</summary>
internal interface IReminderTable
{
    ValueTask<IReadOnlyList<ReminderRow>> ReadGrain(GrainId grain);

    /// <summary>Rows with a hash above <paramref name="begin"/> and up to <paramref name="end"/>, around the end of the ring if need be; all when both are equal.</summary>
    ValueTask<IReadOnlyList<ReminderRow>> ReadRange(uint begin, uint end);

    /// <summary>Adds or replaces; the row has its new version.</summary>
    ValueTask<ReminderRow> Upsert(ReminderRow row);

    /// <summary>Removes if the version matches; false when it does not or the row is gone.</summary>
    ValueTask<bool> Remove(GrainId grain, string name, string etag);
}
