using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Orleans.AdoNet;
using Orleans.Configuration;

namespace Orleans.Storage;

/// <summary>Grain state in the table OrleansStorage, one row a state, its version the etag.</summary>
internal sealed class AdoNetGrainStorage(string name, string serviceId, AdoNetGrainStorageOptions options, IGrainStorageSerializer serializer) : IGrainStorage, IDisposable
{
    private const string ReadKey = "ReadFromStorageKey";
    private const string WriteKey = "WriteToStorageKey";
    private const string ClearKey = "ClearStorageKey";
    private const string DeleteKey = "DeleteStorageKey";

    private readonly AdoNetDatabase _database = AdoNetDatabase.Create($"The ADO.NET grain storage \"{name}\"", options.Invariant, options.ConnectionString, options.DataSource, AdoNetSlots.Storage);

    private readonly string _clearKey = options.DeleteStateOnClear ? DeleteKey : ClearKey;

    private Dictionary<string, string>? _queries;

    private Dictionary<string, string> Queries => _queries ?? throw new InvalidOperationException($"The grain storage \"{name}\" is used before the silo has reached stage {options.InitStage}.");

    /// <summary>Loads the statements; part of the silo's start.</summary>
    /// <exception cref="ArgumentException">The database lacks one.</exception>
    public async Task Initialize() => _queries = await _database.LoadQueries([.. new[] { ReadKey, WriteKey, ClearKey, _clearKey }.Distinct()]);

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var rows = await _database.Query(Queries[ReadKey], Key(stateName, grainId), Record.Read);
        if (rows.Count > 1) throw new InvalidOperationException($"The state \"{stateName}\" of {grainId} has {rows.Count} rows.");

        var record = rows.SingleOrDefault();
        grainState.State = record?.Payload is { } payload ? serializer.Deserialize<T>(BinaryData.FromBytes(payload)) : NewState.Of<T>();
        grainState.RecordExists = record?.Payload is not null;
        grainState.ETag = record?.Version.ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = new AdoNetParameter("PayloadBinary", DbType.Binary, serializer.Serialize(grainState.State).ToArray());
        grainState.ETag = await Change(WriteKey, stateName, grainId, grainState.ETag, payload);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!grainState.RecordExists && grainState.ETag is null)
        {
            await ReadStateAsync(stateName, grainId, grainState);
            if (grainState.ETag is null) return;
        }

        var version = await Change(_clearKey, stateName, grainId, grainState.ETag);
        grainState.ETag = options.DeleteStateOnClear ? null : version;
        grainState.State = NewState.Of<T>();
        grainState.RecordExists = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    /// <summary>Runs a statement that changes a row if its version still is <paramref name="etag"/>; returns the new version.</summary>
    private async Task<string> Change(string query, string stateName, GrainId grainId, string? etag, params AdoNetParameter[] more)
    {
        var version = etag is null ? default(int?) : int.Parse(etag, CultureInfo.InvariantCulture);
        var rows = await _database.Query(
            Queries[query],
            [.. Key(stateName, grainId), new("GrainStateVersion", DbType.Int32, version), .. more],
            row => row.IsDBNull(0) ? default(int?) : Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture));

        if (rows is not [{ } changed] || changed == version)
            throw new InconsistentStateException($"The state \"{stateName}\" of {grainId} is no longer at version {etag ?? "(none)"}.", storedEtag: null, currentEtag: etag);
        return changed.ToString(CultureInfo.InvariantCulture);
    }

    private AdoNetParameter[] Key(string stateName, GrainId grainId)
    {
        var key = AdoNetGrainKey.Of(grainId.Key);
        var stateHash = unchecked((int)StableHash.Compute(Encoding.UTF8.GetBytes(stateName)));
        return
        [
            new("GrainIdHash", DbType.Int32, key.Hash),
            new("GrainIdN0", DbType.Int64, key.N0),
            new("GrainIdN1", DbType.Int64, key.N1),
            new("GrainTypeHash", DbType.Int32, stateHash),
            new("GrainTypeString", DbType.String, stateName),
            new("GrainIdExtensionString", DbType.String, key.Extension),
            new("ServiceId", DbType.String, serviceId),
        ];
    }

    /// <summary>A row as read; without a payload it was cleared.</summary>
    private sealed record Record(byte[]? Payload, int Version)
    {
        public static Record Read(DbDataReader row)
        {
            var payload = row.GetOrdinal("PayloadBinary");
            return new(row.IsDBNull(payload) ? null : row.GetFieldValue<byte[]>(payload), Convert.ToInt32(row["Version"], CultureInfo.InvariantCulture));
        }
    }
}
