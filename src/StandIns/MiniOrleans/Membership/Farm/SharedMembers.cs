using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>The shared table as one silo knows it, and the way to change it: read, decide, write on the version that was read, again when somebody was faster.</summary>
internal sealed class SharedMembers(ISharedMembershipTable table, SiloAddress self, ISiloFate fate, MembershipLog log, TimeProvider time)
{
    /// <summary>What one statement may take.</summary>
    private static readonly TimeSpan StatementTime = TimeSpan.FromSeconds(5);

    private const int MaxAttempts = 25;
    private readonly Lock _lock = new();
    private readonly Lock _telling = new();
    private MembershipTableData _known = new(long.MinValue, []);
    private bool _joined;
    private bool _over;

    /// <summary>A newer version is known. One at a time, from any thread.</summary>
    public event Action? Changed;

    /// <summary>This silo wrote a change.</summary>
    public event Action<MembershipEntry>? Written;

    public MembershipTableData Known => Volatile.Read(ref _known);

    public SignsOfLife Signs { get; } = new(time);

    /// <summary>After so long without a successful read nobody's silence counts.</summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromSeconds(60);

    public SiloStatus StatusOf(SiloAddress silo) => Known.Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(silo))?.Status ?? SiloStatus.None;

    public IEnumerable<SiloAddress> Active => Known.Entries.Where(entry => entry.Status == SiloStatus.Active).Select(entry => entry.SiloAddress);

    /// <summary>This silo leaves: that the table no longer has it alive is as it should be.</summary>
    public void LetGo() => Volatile.Write(ref _over, true);

    /// <summary>From now on the silo's row must be there, and alive.</summary>
    public void Joined() => Volatile.Write(ref _joined, true);

    public Task Initialize(CancellationToken cancellation) => Timed(table.Initialize, cancellation);

    public async Task<MembershipTableData> Read(CancellationToken cancellation)
    {
        var data = await Timed(table.ReadAll, cancellation).ConfigureAwait(false);
        Learn(data);
        return data;
    }

    public Task SayAlive(CancellationToken cancellation) => Timed(stop => table.UpdateIAmAlive(self, time.GetUtcNow().UtcDateTime, stop), cancellation);

    public Task ForgetDead(DateTime before, CancellationToken cancellation) => Timed(stop => table.CleanupDefunct(before, stop), cancellation);

    /// <summary>Writes what <paramref name="decide"/> makes of the table; false when it makes nothing of it. A member that is not there is added.</summary>
    /// <exception cref="OrleansException">Others were faster each time.</exception>
    public async Task<bool> Change(Func<MembershipTableData, MembershipEntry?> decide, CancellationToken cancellation)
    {
        var pauses = new BackOff(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1));
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var data = await Read(cancellation).ConfigureAwait(false);
            if (decide(data) is not { } entry) return false;
            var isThere = data.Entries.Any(known => known.SiloAddress.Equals(entry.SiloAddress));
            var written = await Timed(stop => isThere ? table.Update(entry, data.Version, stop) : table.Insert(entry, data.Version, stop), cancellation).ConfigureAwait(false);
            if (written)
            {
                Learn(new MembershipTableData(data.Version + 1, data.Entries.Where(known => !known.SiloAddress.Equals(entry.SiloAddress)).Append(entry).ToImmutableList()));
                Written?.Invoke(entry);
                return true;
            }

            await Task.Delay(pauses.Next(), time, cancellation).ConfigureAwait(false);
        }

        throw new OrleansException($"The membership table was changed by others {MaxAttempts} times in a row.");
    }

    private void Learn(MembershipTableData data)
    {
        lock (_telling)
        {
            lock (_lock)
            {
                if (data.Version < _known.Version) return;
                Signs.Read(data.Entries, LongestGap);
                var isNewer = data.Version > _known.Version;
                Volatile.Write(ref _known, data);
                if (!isNewer) return;
            }

            EndIfGivenUp(data);
            Changed?.Invoke();
        }
    }

    private void EndIfGivenUp(MembershipTableData data)
    {
        if (!_joined || _over) return;
        var own = data.Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(self));
        if (own is { Status: not SiloStatus.Dead }) return;
        _over = true;
        var by = own?.SuspectTimes is { Count: > 0 } votes ? string.Join(", ", votes.Select(vote => vote.Item1)) : "others";
        log.GivenUp(self, by);
        fate.End(self, $"the cluster has declared it dead (suspected by {by}).");
    }

    private async Task<T> Timed<T>(Func<CancellationToken, Task<T>> statement, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(StatementTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await statement(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The membership table did not answer within {StatementTime}.", exception);
        }
    }

    private Task Timed(Func<CancellationToken, Task> statement, CancellationToken cancellation) => Timed(
        async stop =>
        {
            await statement(stop).ConfigureAwait(false);
            return true;
        },
        cancellation);
}
