using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace OrleansRecorder.Bench.Farm;

/// <summary>What all processes of a farm, and its database, have used so far.</summary>
internal sealed record FarmMeters(DateTimeOffset At, double SiloSeconds, double ApiSeconds, double DatabaseSeconds, double WalBytes, long Rows, long Commits, long StateWrites)
{
    // The row counts of other sessions lag behind by a moment; over whole cycles that does not matter.
    private const string Counters = """
        SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8, tup_inserted + tup_updated + tup_deleted, xact_commit,
               coalesce((SELECT Version FROM OrleansStorage WHERE GrainTypeString = 'cycle'), 0)::bigint
        FROM pg_stat_database WHERE datname = current_database()
        """;

    private const string State = "SELECT PayloadBinary, pg_column_size(PayloadBinary) FROM OrleansStorage WHERE GrainTypeString = 'cycle'";

    /// <summary>Reads them.</summary>
    public static async Task<FarmMeters> Read(BenchFarm farm, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection($"{farm.ConnectionString};Pooling=false");
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(Counters, connection);
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new FarmMeters(
            TimeProvider.System.GetUtcNow(), farm.Silos.Sum(ProcessMeter.CpuSeconds), ProcessMeter.CpuSeconds(farm.Api), ProcessMeter.CpuSecondsWithChildren(farm.Database),
            row.GetDouble(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }

    /// <summary>The cycle's state as it is written now: its size, its size on the disk, and when each task is planned to start, in seconds from the cycle's start.</summary>
    public static async Task<(int Bytes, int Stored, double?[] Planned)> ReadState(BenchFarm farm, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection($"{farm.ConnectionString};Pooling=false");
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(State, connection);
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        var payload = row.GetFieldValue<byte[]>(0);
        using var state = JsonDocument.Parse(payload);
        var planned = state.RootElement.GetProperty("Run").GetProperty("Tasks").EnumerateArray()
            .Select(task => task.TryGetProperty("PlannedOffsetSeconds", out var offset) && offset.ValueKind == JsonValueKind.Number ? offset.GetDouble() : default(double?));
        return (payload.Length, row.GetInt32(1), [.. planned]);
    }
}

/// <summary>What the silos have written down, in a window.</summary>
internal sealed class FarmSamples
{
    /// <summary>When captures began: the cycle, the task, how often it was ordered, and seconds from the cycle's end, so less than 0.</summary>
    public List<(long Cycle, int Task, int Attempt, double Seconds)> Begun { get; } = [];

    /// <summary>CycleGrain's turns by their step, in ms.</summary>
    public Dictionary<string, List<double>> Turns { get; } = [];

    /// <summary>CycleGrain's rounds, in ms.</summary>
    public List<double> Rounds { get; } = [];

    /// <summary>Reads what is in the files now, of a window of time.</summary>
    public static FarmSamples Read(IEnumerable<string> files, DateTimeOffset from, DateTimeOffset to)
    {
        var samples = new FarmSamples();
        foreach (var fields in files.Where(File.Exists).SelectMany(Lines).Select(line => line.Split(' ')).Where(fields => fields.Length >= 4))
        {
            var at = long.Parse(fields[0], CultureInfo.InvariantCulture);
            if (at < from.UtcTicks || at > to.UtcTicks) continue;
            var value = double.Parse(fields[^1], CultureInfo.InvariantCulture);
            if (fields[1] == "begun") samples.Begun.Add((long.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture), int.Parse(fields[4], CultureInfo.InvariantCulture), value));
            else if (fields[1] == "round") samples.Rounds.Add(value);
            else if (samples.Turns.TryGetValue(fields[2], out var turns)) turns.Add(value);
            else samples.Turns[fields[2]] = [value];
        }

        return samples;
    }

    // Somebody writes it meanwhile; its last line may be half there.
    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
