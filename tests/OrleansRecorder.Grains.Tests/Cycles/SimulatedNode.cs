using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>A recording node on a manual clock: it keeps its captures only while it has a lease.</summary>
internal sealed class SimulatedNode(int number)
{
    private static int _generation = 1000;

    public string Name { get; } = $"node-{number}";

    public string Archive { get; init; } = $"node-{number}";

    public string Life { get; private set; } = Next(number);

    public int Capacity { get; set; } = int.MaxValue;

    public bool IsDraining { get; set; }

    /// <summary>The process is gone.</summary>
    public bool IsDown { get; private set; }

    /// <summary>The process stands still.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>It reaches no other node, and none reaches it.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>It does not reach the database.</summary>
    public bool IsWithoutStorage { get; set; }

    /// <summary>It answers and is answered by those on the same side.</summary>
    public bool Works => !IsDown && !IsFrozen;

    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Results that could not be delivered.</summary>
    public List<CaptureResult> Results { get; } = [];

    public void Crash()
    {
        IsDown = true;
        IsFrozen = false;
        Results.Clear();
    }

    public void Start()
    {
        IsDown = false;
        IsDraining = false;
        LeaseUntil = default;
        Life = Next(number);
    }

    public NodeReport Report(CaptureProgress[] captures) => new() { Node = Name, Archive = Archive, Life = Life, Capacity = Capacity, IsDraining = IsDraining, Captures = captures };

    private static string Next(int number) => $"10.0.0.{number}:11111@{Interlocked.Increment(ref _generation)}";
}
