using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

/// <summary>One activation of a grain: its object, its turns, its life from construction to the end.</summary>
internal sealed class ActivationData : IGrainContext
{
    private readonly Lock _lock = new();
    private readonly TurnQueue _turns;
    private readonly ActivationTaskScheduler _scheduler;
    private readonly AsyncServiceScope _scope;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private State _state = State.Activating;
    private DeactivationReason? _reason;
    private CancellationToken _endingCancellation;
    private long _lastUse = Environment.TickCount64;
    private long _keepUntil;

    public ActivationData(Silo silo, GrainId id, GrainClass grainClass)
    {
        Silo = silo;
        GrainId = id;
        Class = grainClass;
        _turns = new TurnQueue(grainClass.IsReentrant);
        _scheduler = new ActivationTaskScheduler(this);
        _scope = silo.Services.CreateAsyncScope();
        _scope.ServiceProvider.GetRequiredService<GrainContextHolder>().Context = this;
        Timers = new TimerRegistry(this);
        Enumerations = new EnumerationHost(this);
    }

    private enum State
    {
        Activating,
        Active,
        Ending,
        Over,
    }

    /// <summary>The activation whose turn this is, or null outside of any.</summary>
    public static ActivationData? Current => (TaskScheduler.Current as ActivationTaskScheduler)?.Activation;

    public Silo Silo { get; }

    public GrainId GrainId { get; }

    public GrainClass Class { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    public Task Deactivated => _ended.Task;

    public TimerRegistry Timers { get; }

    public EnumerationHost Enumerations { get; }

    /// <summary>Read before OnActivateAsync.</summary>
    public List<Func<CancellationToken, Task>> SetUp { get; } = [];

    public bool IsActive
    {
        get { lock (_lock) return _state == State.Active; }
    }

    /// <summary>Requests that run or wait.</summary>
    public int Load
    {
        get { lock (_lock) return _turns.Count; }
    }

    public object TargetOf(GrainMethod method) => method.Interface.Type == typeof(IEnumerationHost) ? Enumerations : GrainInstance!;

    /// <summary>Begins its life; requests may come at once and wait.</summary>
    public void Start() => Post(() => _ = ActivateAsync());

    /// <summary>False when the activation is over: the item must go elsewhere.</summary>
    public bool Enqueue(WorkItem item)
    {
        lock (_lock)
        {
            if (_state == State.Over) return false;
            _turns.Add(item);
            StartTurns_NeedsLock();
        }

        return true;
    }

    /// <summary>A caller gives a request up: a waiting one is forgotten, a running one's token fires.</summary>
    public void Cancel(Message cancel)
    {
        MessageRequest? running;
        lock (_lock)
        {
            bool Matches(MessageRequest request) => request.Message.Id == cancel.Id && request.Message.Sender == cancel.Sender;
            if (_turns.Waiting.OfType<MessageRequest>().FirstOrDefault(Matches) is { } waiting && _turns.Remove(waiting)) return;
            running = _turns.Running.OfType<MessageRequest>().FirstOrDefault(Matches);
        }

        if (running is not null) Post(running.Cancel);
    }

    public void OpenSection(Guid id)
    {
        lock (_lock) _turns.OpenSection(id);
    }

    public void CloseSection(Guid id)
    {
        lock (_lock) _turns.CloseSection(id);
    }

    public void DelayDeactivation(TimeSpan time)
    {
        var forever = time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue;
        Volatile.Write(ref _keepUntil, forever ? long.MaxValue : time <= TimeSpan.Zero ? 0 : Environment.TickCount64 + (long)time.TotalMilliseconds);
    }

    /// <summary>Nothing runs, waits or has been asked for so long, and nobody has asked to keep it.</summary>
    public bool IsIdleFor(TimeSpan age)
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            return _state == State.Active && _turns.IsIdle && now - _lastUse >= age.TotalMilliseconds && now >= Volatile.Read(ref _keepUntil);
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_reason is not null || _state == State.Over) return;
            _reason = deactivationReason;
            _endingCancellation = cancellationToken;
            EndWhenQuiet_NeedsLock();
        }
    }

    /// <summary>Runs on the activation's scheduler, without the poster's ambient state.</summary>
    public void Post(Action action) => Ambient.Without(() => new Task(action)).Start(_scheduler);

    private void StartTurns_NeedsLock()
    {
        if (_state != State.Active) return;
        while (_turns.TakeNext(onlyReentrant: _reason is not null) is { } item) Post(() => _ = RunAsync(item));
    }

    private async Task RunAsync(WorkItem item)
    {
        try
        {
            await item.RunAsync();
        }
        catch (Exception exception)
        {
            // Its caller hears nothing and times out; the turns behind it must not wait for ever.
            Silo.Log.TurnFailed(exception, GrainId);
        }

        lock (_lock)
        {
            _turns.Finished(item);
            if (item.CountsAsUse) _lastUse = Environment.TickCount64;
            StartTurns_NeedsLock();
            EndWhenQuiet_NeedsLock();
        }
    }

    private void EndWhenQuiet_NeedsLock()
    {
        if (_reason is null || _state != State.Active || _turns.IsRunning) return;
        _state = State.Ending;
        Post(() => _ = EndAsync(_reason.Value));
    }

    private async Task ActivateAsync()
    {
        try
        {
            if (Class.UsesDirectory && !await Silo.Router.TryClaim(GrainId))
            {
                // Another silo was first; what waits here goes there.
                await Finish(failure: null);
                return;
            }

            using var timeout = new CancellationTokenSource(Silo.CollectionOptions.ActivationTimeout);
            GrainInstance = Class.Create(this);
            await Task.WhenAll(SetUp.Select(read => read(timeout.Token)));
            await ((IGrainBase)GrainInstance).OnActivateAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            Silo.Log.ActivationFailed(exception, GrainId);
            Timers.Dispose();
            await Release();
            await Finish(exception);
            return;
        }

        lock (_lock)
        {
            _state = State.Active;
            _lastUse = Environment.TickCount64;
            StartTurns_NeedsLock();
            EndWhenQuiet_NeedsLock();
        }
    }

    private async Task EndAsync(DeactivationReason reason)
    {
        Timers.Dispose();
        await Enumerations.DisposeAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_endingCancellation);
        timeout.CancelAfter(Silo.CollectionOptions.DeactivationTimeout);
        try
        {
            await ((IGrainBase)GrainInstance!).OnDeactivateAsync(reason, timeout.Token).WaitAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            // The activation ends all the same; nobody waits for this result.
            Silo.Log.DeactivationFailed(exception, GrainId);
        }

        await Release();
        await Finish(failure: null);
    }

    private async Task Release()
    {
        if (!Class.UsesDirectory) return;
        try
        {
            await Silo.Cluster.Directory.Unregister(GrainId, Silo.Address);
        }
        catch (Exception exception)
        {
            // The entry points here; a later call finds nothing and claims it anew.
            Silo.Log.DeactivationFailed(exception, GrainId);
        }
    }

    private async Task Finish(Exception? failure)
    {
        Silo.Catalog.Remove(this);
        List<WorkItem> left;
        lock (_lock)
        {
            _state = State.Over;
            left = _turns.TakeWaiting();
        }

        foreach (var item in left) item.NotRun(failure);
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
            else (GrainInstance as IDisposable)?.Dispose();
            await _scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            // The activation is over already; what a service's disposal throws changes nothing.
            Silo.Log.DeactivationFailed(exception, GrainId);
        }

        _ended.TrySetResult();
    }
}

/// <summary>Lets the services of an activation's scope know their activation.</summary>
internal sealed class GrainContextHolder
{
    public IGrainContext? Context { get; set; }
}
