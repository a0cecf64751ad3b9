using System.Collections.Concurrent;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Fakes;

/// <summary>Nodes that remember what they were told.</summary>
internal sealed class FakeNodes
{
    private readonly ConcurrentDictionary<string, FakeNode> _nodes = new(StringComparer.Ordinal);

    public FakeNode Of(string name) => _nodes.GetOrAdd(name, n => new FakeNode(n));

    /// <summary>A node as CycleGrain shows it.</summary>
    public static NodeStatus Status(string name, NodeCondition condition = NodeCondition.Active, string? archive = null) => new()
    {
        Name = name,
        Archive = archive ?? name,
        Life = "10.0.0.7:11111@154330782",
        Condition = condition,
        ActiveCaptures = 3,
        Capacity = 200,
        FreeBytes = 5_000_000_000,
        TotalBytes = 10_000_000_000,
        StartedAt = new DateTimeOffset(2025, 10, 10, 8, 30, 26, TimeSpan.Zero),
        Version = "0.1.0",
    };

    internal sealed class FakeNode(string name) : INodeGrain
    {
        public bool IsDraining { get; private set; }

        /// <summary>What every call throws.</summary>
        public Exception? Failure { get; set; }

        public Task<NodeReport> Drain() => Answer(isDraining: true);

        public Task<NodeReport> Undrain() => Answer(isDraining: false);

        private Task<NodeReport> Answer(bool isDraining)
        {
            if (Failure is not null) return Task.FromException<NodeReport>(Failure);
            IsDraining = isDraining;
            return Task.FromResult(new NodeReport { Node = name, Archive = name, Life = "10.0.0.7:11111@154330782", Capacity = 200, IsDraining = isDraining });
        }
    }
}
