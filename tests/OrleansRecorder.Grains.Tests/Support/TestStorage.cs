using System.Collections.Concurrent;
using System.Text.Json;
using Orleans.Storage;

namespace OrleansRecorder.Support;

/// <summary>What a database keeps while processes come and go. Each process has a <see cref="Connection"/> of its own, which dies with it.</summary>
internal sealed class TestStorage
{
    private readonly ConcurrentDictionary<string, (string Json, int Version)> _rows = new();

    /// <summary>Called before each write; may delay it, or throw.</summary>
    public Func<string, GrainId, Task> BeforeWrite { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called after each write, before it is answered; may delay the answer, or lose it.</summary>
    public Func<string, Task> AfterWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>Takes a write of this state instead of the storage, which may make it later, if nothing else was written; null: none is taken.</summary>
    public Action<string, Action>? Hung { get; set; }

    /// <summary>How often each state was written.</summary>
    public ConcurrentDictionary<string, int> Writes { get; } = new();

    public Connection Connect() => new(this);

    public T? Read<T>(string stateName, string key) => _rows.TryGetValue($"{stateName}/{key}", out var row) ? JsonSerializer.Deserialize<T>(row.Json) : default;

    /// <summary>As if another had written something else.</summary>
    public void Change<T>(string stateName, string key, Action<T> change) => _rows.AddOrUpdate($"{stateName}/{key}", _ => throw new KeyNotFoundException(stateName), (_, row) =>
    {
        var state = JsonSerializer.Deserialize<T>(row.Json)!;
        change(state);
        return (JsonSerializer.Serialize(state), row.Version + 1);
    });

    /// <summary>As if another had written the same: whoever holds the state writes in vain from now on.</summary>
    public void Overtake(string stateName, string key) => _rows.AddOrUpdate($"{stateName}/{key}", _ => throw new KeyNotFoundException(stateName), (_, row) => (row.Json, row.Version + 1));

    internal sealed class Connection(TestStorage storage) : IGrainStorage
    {
        private volatile bool _isCut;

        /// <summary>As the process dies.</summary>
        public void Cut() => _isCut = true;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (storage._rows.TryGetValue(Key(stateName, grainId), out var row))
            {
                grainState.State = JsonSerializer.Deserialize<T>(row.Json)!;
                (grainState.ETag, grainState.RecordExists) = (row.Version.ToString(), true);
            }

            return Task.CompletedTask;
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var json = JsonSerializer.Serialize(grainState.State);
            await storage.BeforeWrite(stateName, grainId);
            if (_isCut) throw new IOException("the process is gone");
            var key = Key(stateName, grainId);
            var stored = storage._rows.TryGetValue(key, out var row) ? row.Version.ToString() : null;
            if (stored != grainState.ETag) throw new InconsistentStateException("another has written", stored, grainState.ETag);
            storage.Hung?.Invoke(stateName, () => storage._rows.TryUpdate(key, (json, row.Version + 1), row));
            storage._rows[key] = (json, row.Version + 1);
            storage.Writes.AddOrUpdate(stateName, 1, (_, n) => n + 1);
            await storage.AfterWrite(stateName);
            (grainState.ETag, grainState.RecordExists) = ((row.Version + 1).ToString(), true);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            storage._rows.TryRemove(Key(stateName, grainId), out _);
            (grainState.ETag, grainState.RecordExists) = (null, false);
            return Task.CompletedTask;
        }

        // Without the grain's type, as in the ADO.NET tables.
        private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId.Key}";
    }
}
