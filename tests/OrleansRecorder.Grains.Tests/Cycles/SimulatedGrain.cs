using OrleansRecorder.Testing;

namespace OrleansRecorder.Cycles;

/// <summary>An activation of CycleGrain on a node: the state machine, its term, and what waits to be written.</summary>
internal sealed class SimulatedGrain(SimulatedNode host, SimulatedTerm term, ManualTime time, CycleOptions options)
{
    private CycleMachine? _machine;

    public CycleMachine Machine => _machine!;

    public SimulatedNode Host => host;

    public CycleTerm Term { get; } = new(term, host.Life, time, options);

    /// <summary>The version of the state that it read or wrote last.</summary>
    public long Version { get; set; }

    /// <summary>It has given way, or its process is gone.</summary>
    public bool IsOver { get; set; }

    public List<BeginCapture> Held { get; } = [];

    public DateTimeOffset ReportedAt { get; set; }

    /// <summary>Takes the term, then the state.</summary>
    public void Activate(CycleState state)
    {
        Term.Take().GetAwaiter().GetResult();
        _machine = new CycleMachine(state, time, options);
        _machine.Saving();
    }

    /// <summary>What it does twice a second.</summary>
    public void Look()
    {
        var look = Term.IsMine();
        if (look.IsFaulted) return;
        if (look.Result) Machine.CountVoters();
        else IsOver = true;
    }
}

/// <summary>The row of the term, as one activation sees it.</summary>
internal sealed class SimulatedTerm(SimulatedTerm.Row row, Func<bool> isAway) : IPersistentState<CycleTermState>
{
    public CycleTermState State { get; set; } = new() { Term = row.Term };

    public string? Etag => null;

    public bool RecordExists => true;

    public Task ClearStateAsync() => throw new NotSupportedException();

    public Task ReadStateAsync()
    {
        if (isAway()) return Task.FromException(new IOException("the database is away"));
        State = new CycleTermState { Term = row.Term };
        return Task.CompletedTask;
    }

    public Task WriteStateAsync()
    {
        if (isAway()) return Task.FromException(new IOException("the database is away"));
        row.Term = State.Term;
        return Task.CompletedTask;
    }

    internal sealed class Row
    {
        public long Term { get; set; }
    }
}
