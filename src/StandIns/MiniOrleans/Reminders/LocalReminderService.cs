using Microsoft.Extensions.Options;

namespace Orleans.Runtime;

/// <summary>Ticks the reminders that this silo owns. Reads them again when the members change, and from time to time; again soon when that failed.</summary>
internal sealed class LocalReminderService : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly IReminderTable _table;
    private readonly Silo _silo;
    private readonly TimeSpan _refreshPeriod;
    private readonly Dictionary<(GrainId Grain, string Name), ScheduledReminder> _scheduled = [];
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Signal _due = new(TimeProvider.System);
    private Task _refreshing = Task.CompletedTask;

    public LocalReminderService(IReminderTable table, Silo silo, IOptions<ReminderOptions> options)
    {
        _table = table;
        _silo = silo;
        _refreshPeriod = options.Value.RefreshReminderListPeriod;
    }

    public async Task StartAsync()
    {
        _silo.Membership.Updated += OnMembersChanged;
        await RefreshAllAsync().ConfigureAwait(false);
        _refreshing = Task.Run(RefreshNowAndThenAsync);
    }

    /// <summary>The grain's reminders were changed. A silo that does not own them passes it on, so many times.</summary>
    public async Task RefreshAsync(GrainId grain, int hops)
    {
        var owner = ReminderRing.OwnerOf(grain.GetUniformHashCode(), _silo.Membership.CurrentSnapshot.Active);
        if (owner is null) return;
        if (owner.Equals(_silo.Address)) await ReplaceAsync(key => key.Grain == grain, () => _table.ReadGrain(grain)).ConfigureAwait(false);
        else if (hops > 0) await _silo.ControlOf(owner).RefreshReminders(grain, hops - 1).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        _silo.Membership.Updated -= OnMembersChanged;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _due.Set();
        await _refreshing.ConfigureAwait(false);
        await ReplaceAsync(_ => true, () => new([])).ConfigureAwait(false);
    }

    private void OnMembersChanged(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now)
    {
        if (!before.Active.ToHashSet().SetEquals(now.Active)) _due.Set();
    }

    private async Task RefreshNowAndThenAsync()
    {
        var pauses = new BackOff(FirstPause, LongestPause);
        var wait = _refreshPeriod;
        while (!_stopping.IsCancellationRequested)
        {
            await _due.Wait(wait).ConfigureAwait(false);
            if (_stopping.IsCancellationRequested) return;
            try
            {
                await RefreshAllAsync().ConfigureAwait(false);
                wait = _refreshPeriod;
                pauses.Reset();
            }
            catch (Exception exception)
            {
                // What is scheduled goes on; it is tried again after a pause.
                _silo.Log.RemindersNotRead(exception);
                wait = pauses.Next();
            }
        }
    }

    private Task RefreshAllAsync() => ReplaceAsync(
        _ => true,
        () => ReminderRing.RangeOf(_silo.Address, _silo.Membership.CurrentSnapshot.Active) is { } mine ? _table.ReadRange(mine.Begin, mine.End) : new([]));

    // Read and replaced as one, so that what was read earlier never replaces what was read later.
    private async Task ReplaceAsync(Func<(GrainId Grain, string Name), bool> which, Func<ValueTask<IReadOnlyList<ReminderRow>>> read)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            var rows = await read().ConfigureAwait(false);
            var wanted = _stopping.IsCancellationRequested ? [] : rows.ToDictionary(row => (row.Grain, row.Name));
            foreach (var key in _scheduled.Keys.Where(which).ToList())
            {
                if (wanted.TryGetValue(key, out var row) && row.ETag == _scheduled[key].Row.ETag) continue;
                _scheduled.Remove(key, out var old);
                old!.Dispose();
            }

            foreach (var (key, row) in wanted)
            {
                if (!_scheduled.ContainsKey(key)) _scheduled[key] = new ScheduledReminder(row, _silo);
            }
        }
        finally
        {
            _one.Release();
        }
    }
}
