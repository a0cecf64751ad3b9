using Orleans.Storage;

namespace OrleansRecorder.Cycles;

/// <summary>
/// Tells an activation of CycleGrain whether it is still the one. Two may live for a while when silos cannot see one another; the older one must
/// not keep alive captures that the newer one gives to other nodes. So leases count from the last look at the term.
/// </summary>
internal sealed class CycleTerm(IPersistentState<CycleTermState> state, string life, TimeProvider time, CycleOptions options)
{
    private const int Tries = 5;
    private long _mine;
    private long _lookedAt;

    /// <summary>Makes this activation the last one. Throws when the storage is away.</summary>
    public async Task Take()
    {
        for (var attempt = 1; ; attempt++)
        {
            var now = time.GetTimestamp();
            state.State = new CycleTermState { Term = state.State.Term + 1, Life = life };
            try
            {
                await state.WriteStateAsync();
                (_mine, _lookedAt) = (state.State.Term, now);
                return;
            }
            catch (InconsistentStateException) when (attempt < Tries)
            {
                // Another has just taken a term. This one comes after it, or loses to the next.
                await state.ReadStateAsync();
            }
        }
    }

    /// <summary>Looks again; false when a newer activation has taken over. Throws when the storage is away.</summary>
    public async Task<bool> IsMine()
    {
        var now = time.GetTimestamp();
        await state.ReadStateAsync();
        if (state.State.Term != _mine) return false;
        _lookedAt = now;
        return true;
    }

    /// <summary>
    /// The longest lease that may be given now. One that is given ends before a successor, which waits for a whole lease from its start, begins to
    /// give captures away. When the storage is away nobody can succeed: it is enough then that most nodes are still on this side.
    /// </summary>
    public TimeSpan Allowance(bool hasMajority)
    {
        var age = time.GetElapsedTime(_lookedAt);
        if (age > options.TermPatience && hasMajority) return options.LeaseLength;
        return age < options.LeaseLength ? options.LeaseLength - age : TimeSpan.Zero;
    }
}
