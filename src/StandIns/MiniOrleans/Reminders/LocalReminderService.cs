using Microsoft.Extensions.Options;

namespace Orleans.Runtime;

/// <summary>Ticks the reminders that this silo owns. Reads them again when the members change, and from time to time.</summary>
internal sealed class LocalReminderService : IAsyncDisposable
{
    private readonly IReminderTable _table;
    private readonly Silo _silo;
    private readonly TimeSpan _refreshPeriod;
    private readonly Dictionary<(GrainId Grain, string Name), ScheduledReminder> _scheduled = [];
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _stopping = new();
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

    /// <summary>The grain's reminders were changed.</summary>
    public async Task RefreshAsync(GrainId grain)
    {
        var rows = await _table.ReadGrain(grain).ConfigureAwait(false);
        await ReplaceAsync(key => key.Grain == grain, rows).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        _silo.Membership.Updated -= OnMembersChanged;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        await ReplaceAsync(_ => true, []).ConfigureAwait(false);
    }

    private void OnMembersChanged(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now) => _ = Task.Run(TryRefreshAllAsync);

    private async Task RefreshNowAndThenAsync()
    {
        using var timer = new PeriodicTimer(_refreshPeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false)) await TryRefreshAllAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task TryRefreshAllAsync()
    {
        try
        {
            await RefreshAllAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // What is scheduled goes on; the next refresh tries again.
            _silo.Log.RemindersNotRead(exception);
        }
    }

    private async Task RefreshAllAsync()
    {
        var range = ReminderRing.RangeOf(_silo.Address, _silo.Membership.CurrentSnapshot.Active);
        var rows = range is { } mine ? await _table.ReadRange(mine.Begin, mine.End).ConfigureAwait(false) : [];
        await ReplaceAsync(_ => true, rows).ConfigureAwait(false);
    }

    private async Task ReplaceAsync(Func<(GrainId Grain, string Name), bool> which, IReadOnlyList<ReminderRow> rows)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
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
