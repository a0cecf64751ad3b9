using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Configuration;

/// <summary>The field <c>session_limits</c>: an object of hosts, each with how many sessions it gets at once.</summary>
internal static class HostLimits
{
    /// <summary>What is wrong with it, or null. The first wrong entry is named.</summary>
    public static LocalizedText? Check(JsonNode? node)
    {
        if (node is not JsonObject limits) return new("必须是一个 JSON 对象, 如 {\"10.0.0.5:554\": 16}", "must be a JSON object such as {\"10.0.0.5:554\": 16}");
        var seen = new HashSet<string>();
        foreach (var (host, limit) in limits)
        {
            if (Normal(host) is not { } normal)
                return new($"中的 {Shown(host)} 不是有效的主机, 应为 主机 或 主机:端口", $"has {Shown(host)}, which is not a host; expected host or host:port");
            if (!seen.Add(normal)) return new($"中的 {Shown(host)} 重复", $"has {Shown(host)} twice");
            if (ConfigField.CheckCount(limit, ConfigFields.MostStreams) is { } reason)
                return new($"中 {Shown(host)} 的值{reason.Chinese}", $"has a value for {Shown(host)} that {reason.English}");
        }

        return null;
    }

    /// <summary>The limits of a field that was checked; none when it is not there.</summary>
    public static ImmutableDictionary<string, int> Read(JsonNode? node) =>
        node is JsonObject { Count: > 0 } limits
            ? limits.ToImmutableDictionary(l => Normal(l.Key)!, l => (int)ConfigField.AsNumber(l.Value)!.Value)
            : ImmutableDictionary<string, int>.Empty;

    // As an address would have it: what StreamUrl takes for a host and a port is one.
    private static string? Normal(string text)
    {
        if (text.AsSpan().IndexOfAny("/@?#") >= 0 || !StreamUrl.TryParse($"rtsp://{text}", out var url) || url.User is not null || url.PathAndQuery.Length > 0) return null;
        return url.Port is { } port ? $"{url.Host}:{port}".ToLowerInvariant() : url.Host.ToLowerInvariant();
    }

    // Somebody may have pasted a whole address with its password.
    private static string Shown(string host) => host.Contains('@') ? "\"***\"" : $"\"{(host.Length <= 100 ? host : host[..100])}\"";
}
