using System.Text;

namespace OrleansRecorder.Settings;

/// <summary>Every setting of the roles <c>silo</c> and <c>api</c>: the one table that reading, <c>--help</c> and the documentation are made from.</summary>
internal static class HostSettingsTable
{
    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<HostSetting> All { get; } =
    [
        new("Database:Connection", Roles.Both, new TextKind(), "–", "The farm's PostgreSQL, as Npgsql writes it: `Host=db;Database=recorder;Username=recorder`. Required. `RECORDER_Database` is read too.") { ShortOption = "database" },
        new("Database:Password", Roles.Both, new SecretKind(), "none", "The password of the database's user, when it is not in the connection."),
        new("Database:PasswordFile", Roles.Both, new TextKind(), "none", "A file whose first line is that password."),
        new("Database:StartLimitSeconds", Roles.Both, new SecondsKind(0, 3600), "60", "For how long a start waits for a database that cannot be reached yet."),
        new("Database:ClockToleranceSeconds", Roles.Both, new SecondsKind(0.5, 3600), "5", "A start is refused when this machine's clock is further than this from the database's."),
        new("Cluster:Id", Roles.Both, new NameKind(), "recorder", "Silos and APIs with the same id, on the same database, are one farm."),
        new("Cluster:Secret", Roles.Both, new SecretKind(), "none", "By it silos and APIs know one another. Without it a silo listens on loopback only."),
        new("Cluster:SecretFile", Roles.Both, new TextKind(), "none", "A file whose first line is that secret."),
        new("Node:Name", Roles.Silo, new NameKind(), "the machine's name", "The node's name, unique on the farm. It should outlive restarts: files and reports name it."),
        new("Node:Archive", Roles.Silo, new NameKind(), "the node's name", "The archive's name. Nodes that share a volume share it."),
        new("Node:Directory", Roles.Silo, new TextKind(), ".", "Where a relative `output_directory` starts: the archive's place on this node's disk."),
        new("Node:Capacity", Roles.Silo, new WholeKind(1, 10000), "200 a core, at most one for each 16 MiB of memory", "The most captures that this node runs at once."),
        new("Node:GracePeriodSeconds", Roles.Silo, new SecondsKind(0, 600), "5", "When the node drains, captures that end by themselves within this finish; the others are handed over at once."),
        new("Silo:Address", Roles.Silo, new TextKind(), "this machine's first address; without a secret `127.0.0.1`", "The address or host name that the others are told."),
        new("Silo:Port", Roles.Silo, new WholeKind(1, 65535), "11111", "For the other silos."),
        new("Silo:GatewayPort", Roles.Silo, new WholeKind(1, 65535), "30000", "For the APIs."),
        new("Silo:ListenOnAll", Roles.Silo, new FlagKind(), "false", "Listen on every address of this machine, as behind a container's port mapping; else on `Silo:Address` alone."),
        new("Health:Listen", Roles.Silo, new ListenKind(), "127.0.0.1", "Where `/healthz` and `/readyz` answer."),
        new("Health:Port", Roles.Silo, new WholeKind(0, 65535), "8081", "Their port; 0 for none."),
        new("Config:File", Roles.Silo, new TextKind(), "config.json", "The cameras' configuration. The farm keeps its own copy in the database; any silo may read and save the file, so it belongs on all of them."),
        new("Config:AllowSchemes", Roles.Silo, new TextKind(), "none", "FFmpeg schemes that `rtsp_url` may have beside rtsp and rtsps, such as `rtmp http`."),
        new("Api:Listen", Roles.Api, new ListenKind(), "*", "The address that the API listens on."),
        new("Api:Port", Roles.Api, new WholeKind(1, 65535), "8080", "Its port."),
        new("Api:StartLimitSeconds", Roles.Api, new SecondsKind(0, 86400), "300", "For how long a start looks for silos; meanwhile the API answers 503, then it ends. 0: for ever."),
        new("Api:UnfinishedTime", Roles.Api, new ChoiceKind("Empty", "Epoch"), "Empty", "How the API writes a time that has not come yet: `\"\"`, or the Unix epoch in local time."),
        new("Api:MaxBodyBytes", Roles.Api, new WholeKind(1024, 1 << 30), "16777216", "The largest request body."),
        new("Shutdown:LimitSeconds", Roles.Both, new SecondsKind(1, 600), "25", "A process that was told to end has ended after this; below Kubernetes' 30 s."),
        new("Log:Level", Roles.Both, new ChoiceKind("Debug", "Information", "Warning", "Error"), "Information", "The least that is logged."),
    ];

    /// <summary>The settings of one role.</summary>
    public static IEnumerable<HostSetting> Of(Roles role) => All.Where(setting => setting.Roles.HasFlag(role));

    /// <summary>The setting of that key; upper and lower case are the same.</summary>
    public static HostSetting? Find(string key) => All.FirstOrDefault(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The table as the documentation shows it, in Markdown.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder("| setting | role | option | type and range | default | what it does |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var setting in All)
        {
            var role = setting.Roles == Roles.Both ? "both" : setting.Roles.ToString().ToLowerInvariant();
            var option = setting.Option is { } name ? $"`{name}`" : "never";
            text.Append($"| `{setting.Key}` | {role} | {option} | {setting.Kind.Description} | {setting.Default} | {setting.Meaning} |\n");
        }

        return text.ToString();
    }
}
