namespace OrleansRecorder.Cycles;

/// <summary>One cycle: what it was given, and how far its tasks are.</summary>
[GenerateSerializer, Alias("recorder.CycleRun")]
public sealed class CycleRun
{
    /// <summary>From 1, counted over the life of the scheduler.</summary>
    [Id(0)] public long Number { get; set; }

    /// <summary>The name of its directory.</summary>
    [Id(1)] public string Directory { get; set; } = "";

    /// <summary>When it started (UTC).</summary>
    [Id(2)] public DateTimeOffset StartedAt { get; set; }

    /// <summary>When all its tasks had ended (UTC); null before.</summary>
    [Id(3)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the operator stopped it (UTC); null when nobody did.</summary>
    [Id(4)] public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>The configuration that it runs by.</summary>
    [Id(5)] public CycleSettings Settings { get; set; } = new();

    /// <summary>By their number, which is their place in the list.</summary>
    [Id(6)] public List<TaskState> Tasks { get; set; } = [];

    /// <summary>The most captures that ran at once.</summary>
    [Id(7)] public int MaxConcurrentUsed { get; set; }

    /// <summary>When captures were lost.</summary>
    [Id(8)] public List<Interruption> Interruptions { get; set; } = [];

    /// <summary>The archive that its directory was reserved in; "" when that is not known.</summary>
    [Id(9)] public string Home { get; set; } = "";

    /// <summary>The archives that something of it was recorded in.</summary>
    [Id(10)] public List<string> Archives { get; set; } = [];

    /// <summary>Something of it is not known: files that have not been seen, or how a capture ended that was given up.</summary>
    public bool HasUnknown() => Tasks.Exists(task => task.Unseen.Count > 0 || task.Provisional);

    /// <summary>Nothing is recorded past this moment (UTC).</summary>
    public DateTimeOffset Deadline() => StartedAt + TimeSpan.FromSeconds(Settings.TotalSeconds);
}
