using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Storage;

/// <summary>States in the memory of the cluster.</summary>
internal sealed class MemoryGrainStorage(MemoryStore store, IGrainStorageSerializer serializer) : IGrainStorage
{
    public static IGrainStorage Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<MemoryGrainStorageOptions>>().Get(name);
        return new MemoryGrainStorage(services.GetRequiredService<Silo>().Cluster.StoreOf(name), StorageProviders.SerializerFor(services, name, options));
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = store.Read(stateName, grainId);
        grainState.State = record is null ? NewState.Of<T>() : serializer.Deserialize<T>(new BinaryData(record.Payload));
        grainState.ETag = record?.ETag;
        grainState.RecordExists = record is not null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = store.Write(stateName, grainId, grainState.ETag, serializer.Serialize(grainState.State).ToArray());
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        store.Clear(stateName, grainId, grainState.ETag);
        grainState.State = NewState.Of<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }
}

/// <summary>The records behind one memory storage provider.</summary>
internal sealed class MemoryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string State, GrainId Grain), Record> _records = [];

    public Record? Read(string state, GrainId grain)
    {
        lock (_lock) return _records.GetValueOrDefault((state, grain));
    }

    public string Write(string state, GrainId grain, string? etag, byte[] payload)
    {
        lock (_lock)
        {
            Check_NeedsLock(state, grain, etag);
            var written = new Record(payload, Guid.NewGuid().ToString("N"));
            _records[(state, grain)] = written;
            return written.ETag;
        }
    }

    public void Clear(string state, GrainId grain, string? etag)
    {
        lock (_lock)
        {
            Check_NeedsLock(state, grain, etag);
            _records.Remove((state, grain));
        }
    }

    private void Check_NeedsLock(string state, GrainId grain, string? etag)
    {
        var stored = _records.GetValueOrDefault((state, grain))?.ETag;
        if (stored != etag) throw new InconsistentStateException($"The state \"{state}\" of {grain} was changed by someone else.", stored, etag);
    }

    public sealed record Record(byte[] Payload, string ETag);
}
