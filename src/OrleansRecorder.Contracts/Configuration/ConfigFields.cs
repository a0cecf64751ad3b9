namespace OrleansRecorder.Configuration;

/// <summary>Every field that the recorder knows, with its rule; docs/configuration.md says the same in words.</summary>
internal static class ConfigFields
{
    public const string Global = "global_config";
    public const string Streams = "streams";

    public const string TotalPollDuration = "total_poll_duration_seconds";
    public const string MaxConcurrentStreams = "max_concurrent_streams";
    public const string OutputDirectory = "output_directory";
    public const string ReportFilename = "report_filename";
    public const string ConnectionTimeout = "connection_timeout_seconds";
    public const string ReadTimeout = "read_timeout_seconds";
    public const string PollCycles = "poll_cycles";
    public const string CycleInterval = "cycle_interval_seconds";
    public const string MinDuration = "min_duration_seconds";
    public const string KeyframeTimeout = "keyframe_timeout_seconds";

    public const string MaxSessionsPerHost = "max_sessions_per_host";
    public const string SessionLimits = "session_limits";

    public const string RtspUrl = "rtsp_url";
    public const string Duration = "duration_seconds";
    public const string Weight = "weight";
    public const string OutputFilename = "output_filename";
    public const string Ingest = "ingest";
    public const string AcceptAnyCertificate = "accept_any_certificate";

    /// <summary>The values of <see cref="Ingest"/>.</summary>
    public const string IngestAuto = "auto", IngestFFmpeg = "ffmpeg";

    /// <summary>Stands in the answers about streams, and comes back when a client sends one of them as an edit; never stored.</summary>
    public const string Index = "index";

    public const int MostStreams = 10_000;

    private const double Month = 30 * 24 * 3600;
    private const double Hour = 3600;

    public static IReadOnlyList<ConfigField> OfGlobal { get; } =
    [
        ConfigField.Number(TotalPollDuration, above: 0, atMost: Month),
        ConfigField.Integer(MaxConcurrentStreams, atMost: MostStreams),
        ConfigField.Text(OutputDirectory, FileNames.CheckDirectory),
        ConfigField.Text(ReportFilename, FileNames.CheckReport),
        ConfigField.Number(ConnectionTimeout, above: 0, atMost: Hour),
        ConfigField.Number(ReadTimeout, above: 0, atMost: Hour),
        ConfigField.Integer(PollCycles, atMost: int.MaxValue, besides: GlobalConfig.ForEver),
        ConfigField.Number(CycleInterval, atLeast: 0, atMost: Month),
        ConfigField.Number(MinDuration, atLeast: 0, atMost: Month, isRequired: false),
        ConfigField.Number(KeyframeTimeout, above: 0, atMost: 600, isRequired: false),
        ConfigField.Count(MaxSessionsPerHost, atMost: MostStreams),
        new(SessionLimits, HostLimits.Check, IsRequired: false),
    ];

    public static IReadOnlyList<ConfigField> OfStream(ConfigRules rules) =>
    [
        ConfigField.Text(RtspUrl, url => CheckUrl(url, rules)),
        ConfigField.Number(Duration, above: 0, atMost: Month),
        ConfigField.Number(Weight, above: 0, atMost: 1_000_000),
        ConfigField.Text(OutputFilename, FileNames.CheckRecording),
        ConfigField.Choice(Ingest, IngestAuto, IngestFFmpeg),
        ConfigField.Flag(AcceptAnyCertificate),
    ];

    // Never with the address itself, which holds a password.
    private static LocalizedText? CheckUrl(string text, ConfigRules rules)
    {
        if (text.Length > 4096) return new("长度不能超过 4096 个字符", "must not be longer than 4096 characters");
        if (!StreamUrl.TryParse(text, out var url))
        {
            return new("不是有效的地址, 应为 rtsp://用户:密码@主机:端口/路径 (不含空格, 端口 1-65535)",
                "is not a valid address; expected rtsp://user:password@host:port/path (without blanks, port 1 to 65535)");
        }

        return rules.AllowedSchemes.Contains(url.Scheme)
            ? null
            : new($"不支持协议 {url.Scheme}://, 可用: {List(rules, "、")}", $"cannot have the scheme {url.Scheme}://; allowed: {List(rules, ", ")}");
    }

    private static string List(ConfigRules rules, string separator) => string.Join(separator, rules.AllowedSchemes.Select(s => s + "://"));
}
