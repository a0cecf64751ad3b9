using System.Net;
using Npgsql;
using Orleans.Runtime;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Hosting;

/// <summary>
/// Refuses to start as a second node of one name: they would serve, and delete, each other's recordings. A predecessor that died is no
/// obstacle, and neither is this node's own last life: the engine replaces what has the same address and port.
/// </summary>
internal sealed class NodeNameCheck(SiloSettings settings, IPAddress address, TimeProvider time)
{
    // Three signs of life that do not come, as the engine counts it, and one for a slow database.
    private static readonly TimeSpan LongestSilence = FarmMembership.AliveSigns * 4;

    // A node that shuts down may take its time; then it is its supervisor's to end it.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when no live silo of the name is there; throws <see cref="StartupException"/> when there is one.</summary>
    public async Task Check(CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var firstSeen = new Dictionary<string, DateTime>();
        while (true)
        {
            var namesakes = await Namesakes(stop);
            // Only what has been heard of since we look is alive for sure: clocks of other machines are not compared.
            var alive = namesakes.Where(silo => firstSeen.TryGetValue(silo.Address, out var sign) && silo.AliveSign > sign).ToArray();
            if (alive.FirstOrDefault(silo => silo.Status == SiloStatus.Active) is { } rival) throw Taken(rival.Address);
            var waited = time.GetElapsedTime(begun);
            if (alive.Length > 0 && waited > LongestFarewell) throw Taken(alive[0].Address);
            if (namesakes.Length == 0 || (alive.Length == 0 && waited > LongestSilence)) return;
            foreach (var silo in namesakes) firstSeen.TryAdd(silo.Address, silo.AliveSign);
            await Task.Delay(Pause, time, stop);
        }
    }

    /// <summary>The error for a name that another silo has.</summary>
    public StartupException Taken(string rival) => new(
        $"节点名 {settings.NodeName} 已被 {rival} 使用: 每个节点的 Node:Name 必须唯一",
        $"the node name {settings.NodeName} is in use by {rival}: every node needs a Node:Name of its own");

    private async Task<Namesake[]> Namesakes(CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(settings.Farm.ConnectionString);
            await connection.OpenAsync(stop);
            await using var command = new NpgsqlCommand(
                """
                SELECT Address, Port, Generation, Status, IAmAliveTime FROM OrleansMembershipTable
                WHERE DeploymentId = @cluster AND SiloName = @name AND Status BETWEEN 2 AND 5 AND NOT (Address = @address AND Port = @port)
                """, connection);
            command.Parameters.AddWithValue("cluster", settings.Farm.ClusterId);
            command.Parameters.AddWithValue("name", settings.NodeName);
            command.Parameters.AddWithValue("address", address.ToString());
            command.Parameters.AddWithValue("port", settings.SiloPort);
            await using var rows = await command.ExecuteReaderAsync(stop);
            var found = new List<Namesake>();
            while (await rows.ReadAsync(stop))
            {
                found.Add(new Namesake($"{rows.GetString(0)}:{rows.GetInt32(1)}@{rows.GetInt32(2)}", (SiloStatus)rows.GetInt32(3), rows.GetDateTime(4)));
            }

            return [.. found];
        }
        catch (NpgsqlException e)
        {
            throw new DatabaseCheck(settings.Farm, time).Failed(e);
        }
    }

    private sealed record Namesake(string Address, SiloStatus Status, DateTime AliveSign);
}
