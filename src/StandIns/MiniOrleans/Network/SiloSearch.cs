namespace Orleans.Runtime;

/// <summary>Questions to all other silos at once.</summary>
internal static class SiloSearch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The first silo that says yes; null when none does. Silos that do not answer count as no.</summary>
    public static async Task<SiloAddress?> WhichOther(this Silo silo, Func<ISiloControl, Task<bool>> question)
    {
        var asked = silo.Membership.CurrentSnapshot.Active.Where(other => !other.Equals(silo.Address)).Select(other => Ask(silo, other, question)).ToList();
        while (asked.Count > 0)
        {
            var answered = await Task.WhenAny(asked).ConfigureAwait(false);
            if (await answered.ConfigureAwait(false) is { } found) return found;
            asked.Remove(answered);
        }

        return null;
    }

    /// <summary>The silo that has the grain's activation; null when none has that can be asked.</summary>
    public static Task<SiloAddress?> WhoHas(this Silo silo, GrainId grain) => silo.Catalog.Find(grain) is { IsActive: true }
        ? Task.FromResult<SiloAddress?>(silo.Address)
        : Ambient.Without(() => Task.Run(() => silo.WhichOther(other => other.HasGrain(grain))));

    private static async Task<SiloAddress?> Ask(Silo silo, SiloAddress other, Func<ISiloControl, Task<bool>> question)
    {
        try
        {
            return await question(silo.ControlOf(other)).WaitAsync(Patience).ConfigureAwait(false) ? other : null;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // A silo that does not answer now is no way to anybody now.
            return null;
        }
    }
}
