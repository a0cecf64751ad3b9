using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Api.Scheduler;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Events;

/// <summary>
/// What changed between two looks at the cycle, as server-sent events. All listeners share one, and its text is made once a language.
/// </summary>
internal sealed class CycleChange
{
    private readonly CycleSnapshot _cycle;
    private readonly CycleTask[] _tasks;
    private readonly bool _cycleChanged;
    private readonly Lazy<byte[]> _chinese;
    private readonly Lazy<byte[]> _english;

    private CycleChange(CycleSnapshot cycle, bool cycleChanged, CycleTask[] tasks, DocumentStyle style)
    {
        _cycle = cycle;
        _cycleChanged = cycleChanged;
        _tasks = tasks;
        _chinese = new(() => Write(style with { English = false }));
        _english = new(() => Write(style with { English = true }));
    }

    /// <summary>The events for a reader of this language.</summary>
    public ReadOnlyMemory<byte> Text(bool english) => (english ? _english : _chinese).Value;

    /// <summary>What is different now, or null when nothing is. Progress of a task is a change of it; the cycle's elapsed time is none.</summary>
    public static CycleChange? Between(CycleSnapshot before, CycleSnapshot now, DocumentStyle style)
    {
        if (before.Version == now.Version && before.Cycle == now.Cycle) return null;

        // A new cycle's tasks have the numbers of the last one's.
        var known = before.Cycle == now.Cycle ? before.Tasks.ToDictionary(task => task.TaskId, task => TaskDocument.From(task, before, style)) : [];
        var tasks = now.Tasks.Where(task => !known.TryGetValue(task.TaskId, out var old) || old != TaskDocument.From(task, now, style)).ToArray();
        var cycleChanged = Transitions(before) != Transitions(now);
        return cycleChanged || tasks.Length > 0 ? new CycleChange(now, cycleChanged, tasks, style) : null;
    }

    private static (bool Running, long Cycle, CycleStatistics Counts, DateTimeOffset? Started, DateTimeOffset? Ended) Transitions(CycleSnapshot cycle) =>
        (cycle.IsRunning, cycle.Cycle, cycle.Statistics, cycle.CycleStartedAt, cycle.CycleEndedAt);

    private byte[] Write(DocumentStyle style)
    {
        var text = new ArrayBufferWriter<byte>();
        if (_cycleChanged) WriteEvent(text, "cycle", CycleDocument.From(_cycle, style));
        foreach (var task in _tasks) WriteEvent(text, "task", TaskDocument.From(task, _cycle, style));
        return text.WrittenSpan.ToArray();
    }

    private static void WriteEvent<T>(ArrayBufferWriter<byte> text, string name, T document)
    {
        text.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        text.Write(JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Options));
        text.Write("\n\n"u8);
    }
}
