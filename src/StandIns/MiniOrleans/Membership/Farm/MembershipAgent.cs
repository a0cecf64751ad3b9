using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>A silo's part in the shared membership: it joins, says that it is alive, watches others, keeps what it knows true, and leaves.</summary>
internal sealed class MembershipAgent : IMembershipTable, IDisposable
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CleanupPeriod = TimeSpan.FromHours(1);

    private readonly SiloAddress _self;
    private readonly ClusterMembershipOptions _options;
    private readonly SharedMembers _members;
    private readonly ProbeExchange _probes;
    private readonly Joining _joining;
    private readonly SiloWatch _watch;
    private readonly IMembershipWire _wire;
    private readonly IHealth _health;
    private readonly MembershipLog _log;
    private readonly TimeProvider _time;
    private readonly Signal _refresh;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task? _check;
    private bool _joined;

    public MembershipAgent(SiloAddress self, ISharedMembershipTable table, IMembershipWire wire, ISiloFate fate, Func<Action, IHealth> health, ClusterMembershipOptions options, MembershipLog log, TimeProvider time)
    {
        _self = self;
        _options = options;
        _wire = wire;
        _log = log;
        _time = time;
        _refresh = new Signal(time);
        _members = new SharedMembers(table, self, fate, log, time) { LongestGap = options.TableRefreshTimeout * 2 };
        _health = health(() => BeginCheck());
        _probes = new ProbeExchange(wire, time, () => _members.Known.Version, () => _health.WasHeldUp(options.ProbeTimeout));
        _joining = new Joining(self, _members, _probes, options, log, time);
        _watch = new SiloWatch(self, _members, _probes, _health.WasHeldUp, Suspect, options, log, time);
        _members.Changed += () =>
        {
            _watch.Update();
            Changed?.Invoke();
        };
        _members.Written += OnWritten;
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>This silo has written that one is dead, itself perhaps: what it left behind is this silo's to clear away.</summary>
    public event Action<SiloAddress>? Buried;

    /// <summary>Ends when a silo whose process was stopped for long has seen that it still belongs to the cluster; null when there is nothing to wait for.</summary>
    public Task? HoldUp => _health.WasFrozen ? BeginCheck() : Volatile.Read(ref _check) is { IsCompleted: false } check ? check : null;

    public ValueTask<(long Version, IReadOnlyList<MembershipEntry> Entries)> Read() => new((_members.Known.Version, _members.Known.Entries));

    public async ValueTask Refresh(MembershipVersion minimum, CancellationToken cancellation)
    {
        if (minimum.Value <= 0 || _members.Known.Version < minimum.Value) await _members.Read(cancellation).ConfigureAwait(false);
    }

    public async ValueTask Write(MembershipEntry entry, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellation);
        if (!entry.SiloAddress.Equals(_self))
        {
            await _members.Change(data => Find(data, entry.SiloAddress) is { Status: not SiloStatus.Dead } known ? known.With(entry.Status, WithVote(known)) : null, stop.Token).ConfigureAwait(false);
            return;
        }

        switch (entry.Status)
        {
            case SiloStatus.Joining:
                await _joining.Enter(entry, stop.Token).ConfigureAwait(false);
                _joined = true;
                _ = SayAliveAsync();
                _ = KeepTrueAsync();
                _ = ForgetTheDeadAsync();
                break;
            case SiloStatus.Active:
                await _joining.BecomeActive(entry, stop.Token).ConfigureAwait(false);
                break;
            default:
                await Leave(entry.Status).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Another silo says something.</summary>
    public void Receive(SiloAddress from, MembershipMessage message)
    {
        if (message.Version > _members.Known.Version) _refresh.Set();
        _probes.Receive(from, message, _options.ProbeTimeout);
    }

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested) return;
        _stopping.Cancel();
        _refresh.Set();
        _watch.Dispose();
        _health.Dispose();
    }

    private static MembershipEntry? Find(MembershipTableData data, SiloAddress silo) => data.Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(silo));

    private List<Tuple<SiloAddress, DateTime>> WithVote(MembershipEntry entry) => [.. entry.SuspectTimes ?? [], Tuple.Create(_self, _time.GetUtcNow().UtcDateTime)];

    private async Task Leave(SiloStatus status)
    {
        if (status == SiloStatus.Dead) _members.LetGo();
        try
        {
            using var deadline = new CancellationTokenSource(FarewellTime, _time);
            if (_joined)
            {
                await _members.Change(
                    data => Find(data, _self) is { Status: not SiloStatus.Dead } known ? known.With(status, status == SiloStatus.Dead ? WithVote(known) : known.SuspectTimes) : null,
                    deadline.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The silo goes all the same: its probes stop being answered, and the others write what it could not.
            _log.NotAnnounced(exception, status);
        }

        if (status == SiloStatus.Dead) Dispose();
    }

    private async Task Suspect(SiloAddress silo, SiloAddress? helper)
    {
        var limit = _options.IAmAliveTablePublishTimeout * _options.NumMissedTableIAmAliveLimit;
        var written = await _members.Change(
            data =>
            {
                var active = data.Entries.Where(entry => entry.Status == SiloStatus.Active).Select(entry => entry.SiloAddress).ToHashSet();
                if (!active.Contains(_self) || Find(data, silo) is not { } entry) return null;
                var required = DeathVotes.Required(_options, active.Count(other => other.Equals(_self) || _members.Signs.SilenceOf(other) <= limit));
                SiloAddress[] voters = helper is null ? [_self] : [_self, helper];
                return DeathVotes.Add(entry, voters, active, required, _time.GetUtcNow().UtcDateTime, _options.DeathVoteExpirationTimeout);
            },
            _stopping.Token).ConfigureAwait(false);
        if (written && _members.StatusOf(silo) != SiloStatus.Dead) _log.Suspected(silo);
    }

    private void OnWritten(MembershipEntry entry)
    {
        var news = new MembershipMessage(MembershipTopic.News, 0, _members.Known.Version);
        foreach (var other in _members.Known.Entries)
        {
            // One that was just declared dead is told too: it may be alive, and must end.
            var isInterested = other.Status != SiloStatus.Dead || other.SiloAddress.Equals(entry.SiloAddress);
            if (isInterested && !other.SiloAddress.Equals(_self)) _wire.Send(other.SiloAddress, news);
        }

        if (entry.Status != SiloStatus.Dead) return;
        if (!entry.SiloAddress.Equals(_self)) _log.DeclaredDead(entry.SiloAddress);
        Buried?.Invoke(entry.SiloAddress);
    }

    private Task KeepTrueAsync() => Repeat("reading it", async () =>
    {
        await _refresh.Wait(_options.TableRefreshTimeout).ConfigureAwait(false);
        if (!_stopping.IsCancellationRequested) await _members.Read(_stopping.Token).ConfigureAwait(false);
    });

    private Task SayAliveAsync() => Repeat("the sign of life", async () =>
    {
        await Task.Delay(_options.IAmAliveTablePublishTimeout, _time, _stopping.Token).ConfigureAwait(false);
        await _members.SayAlive(_stopping.Token).ConfigureAwait(false);
    });

    private Task ForgetTheDeadAsync() => _options.DefunctSiloExpiration is not { } expiration ? Task.CompletedTask : Repeat("the removal of silos long dead", async () =>
    {
        await Task.Delay(CleanupPeriod, _time, _stopping.Token).ConfigureAwait(false);
        await _members.ForgetDead(_time.GetUtcNow().UtcDateTime - expiration, _stopping.Token).ConfigureAwait(false);
    });

    private async Task Repeat(string doing, Func<Task> work)
    {
        var pauses = new BackOff(FirstPause, LongestPause);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await work().ConfigureAwait(false);
                pauses.Reset();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The silo stops.
            }
            catch (Exception exception)
            {
                // The silo goes on with what it knows, and nobody dies; the work is tried again.
                _log.TableAway(exception, doing);
                await Pause(pauses.Next()).ConfigureAwait(false);
            }
        }
    }

    private async Task Pause(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The silo stops: whoever pauses sees it.
        }
    }

    private Task BeginCheck()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_check is { IsCompleted: false } running) return running;
            if (!_joined || _stopping.IsCancellationRequested) return Task.CompletedTask;
            _check = done.Task;
        }

        _log.Thawed();
        _ = CheckAsync(done);
        return done.Task;
    }

    private async Task CheckAsync(TaskCompletionSource done)
    {
        try
        {
            await _members.Read(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Without the table nobody can have declared this silo dead since, or everybody could: it goes on, and the next refresh tells.
            _log.TableAway(exception, "the look after a standstill");
        }
        finally
        {
            done.SetResult();
        }
    }
}

/// <summary>Whether this process runs as it should.</summary>
internal interface IHealth : IDisposable
{
    /// <summary>It was stopped for so long that the cluster may have given the silo up, and has not looked since.</summary>
    bool WasFrozen { get; }

    /// <summary>Something ran late within the time: the silo is no judge of others.</summary>
    bool WasHeldUp(TimeSpan within);
}
