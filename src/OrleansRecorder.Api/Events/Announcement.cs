using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansRecorder.Api.Nodes;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Api.Scheduler;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Events;

/// <summary>Server-sent events that are due together. All listeners share one, and its text is made once a language.</summary>
internal sealed class Announcement
{
    private readonly Lazy<byte[]> _chinese;
    private readonly Lazy<byte[]> _english;

    private Announcement(Action<ArrayBufferWriter<byte>, DocumentStyle> write, DocumentStyle style)
    {
        _chinese = new(() => Text(write, style with { English = false }));
        _english = new(() => Text(write, style with { English = true }));
    }

    /// <summary>From now on every change is told: read the state once, after this.</summary>
    public static Announcement Connected { get; } = Resync("connected");

    /// <summary>Changes were lost: read the state again.</summary>
    public static Announcement Overrun { get; } = Resync("overrun");

    /// <summary>The events for a reader of this language.</summary>
    public ReadOnlyMemory<byte> Text(bool english) => (english ? _english : _chinese).Value;

    /// <summary>
    /// What is different now, or null when nothing is. Progress of a task is a change of it; the cycle's elapsed time is none, nor is the room on a node's disk.
    /// </summary>
    public static Announcement? OfChange(Look before, Look now, DocumentStyle style)
    {
        var (cycleChanged, tasks) = Changes(before.Cycle, now.Cycle, style);
        var nodes = now.Nodes.Where(node => Array.Find(before.Nodes, old => old.Name == node.Name) is not { } old || Visible(old) != Visible(node)).ToArray();
        var forgotten = before.Nodes.Select(node => node.Name).Except(now.Nodes.Select(node => node.Name)).ToArray();
        if (!cycleChanged && tasks.Length + nodes.Length + forgotten.Length == 0) return null;

        return new Announcement((text, reader) =>
        {
            if (cycleChanged) WriteEvent(text, "cycle", CycleDocument.From(now.Cycle, reader));
            foreach (var task in tasks) WriteEvent(text, "task", TaskDocument.From(task, now.Cycle, reader));
            foreach (var node in nodes) WriteEvent(text, "node", NodeDocument.From(node, reader));
            foreach (var name in forgotten) WriteEvent(text, "node_forgotten", new ForgottenDocument(name));
        }, style);
    }

    private static (bool Cycle, CycleTask[] Tasks) Changes(CycleSnapshot before, CycleSnapshot now, DocumentStyle style)
    {
        if (before.Version == now.Version && before.Cycle == now.Cycle) return (false, []);

        // A new cycle's tasks have the numbers of the last one's.
        var known = before.Cycle == now.Cycle ? before.Tasks.ToDictionary(task => task.TaskId, task => TaskDocument.From(task, before, style)) : [];
        var tasks = now.Tasks.Where(task => !known.TryGetValue(task.TaskId, out var old) || old != TaskDocument.From(task, now, style)).ToArray();
        return (Transitions(before) != Transitions(now), tasks);
    }

    // Room on disk and the time of the last report change all the time.
    private static NodeStatus Visible(NodeStatus node) => node with { FreeBytes = 0, TotalBytes = 0, HeardAt = default };

    private static Announcement Resync(string reason) => new((text, _) => WriteEvent(text, "resync", new ResyncDocument(reason)), DocumentStyle.Default);

    private static (bool Running, long Cycle, CycleStatistics Counts, DateTimeOffset? Started, DateTimeOffset? Ended) Transitions(CycleSnapshot cycle) =>
        (cycle.IsRunning, cycle.Cycle, cycle.Statistics, cycle.CycleStartedAt, cycle.CycleEndedAt);

    private static byte[] Text(Action<ArrayBufferWriter<byte>, DocumentStyle> write, DocumentStyle style)
    {
        var text = new ArrayBufferWriter<byte>();
        write(text, style);
        return text.WrittenSpan.ToArray();
    }

    private static void WriteEvent<T>(ArrayBufferWriter<byte> text, string name, T document)
    {
        text.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        text.Write(JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Options));
        text.Write("\n\n"u8);
    }

    /// <summary>Why the state must be read again.</summary>
    private sealed record ResyncDocument(string Reason);

    /// <summary>A node that is no longer known.</summary>
    private sealed record ForgottenDocument(string Name);
}

/// <summary>What there was to see at one moment.</summary>
internal sealed record Look(CycleSnapshot Cycle, NodeStatus[] Nodes);
