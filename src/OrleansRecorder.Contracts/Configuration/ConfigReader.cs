using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Configuration;

/// <summary>Turns a document that has been checked into typed values.</summary>
internal static class ConfigReader
{
    public static RecorderConfig Read(JsonObject root) => new(
        Global(root[ConfigFields.Global]!.AsObject()),
        root[ConfigFields.Streams]!.AsArray().Select((stream, index) => Stream(stream!.AsObject(), index)).ToImmutableArray());

    private static GlobalConfig Global(JsonObject fields) => new()
    {
        TotalPollDurationSeconds = Number(fields, ConfigFields.TotalPollDuration),
        MaxConcurrentStreams = (int)Number(fields, ConfigFields.MaxConcurrentStreams),
        OutputDirectory = Text(fields, ConfigFields.OutputDirectory),
        ReportFilename = Text(fields, ConfigFields.ReportFilename),
        ConnectionTimeoutSeconds = Number(fields, ConfigFields.ConnectionTimeout),
        ReadTimeoutSeconds = Number(fields, ConfigFields.ReadTimeout),
        PollCycles = (int)Number(fields, ConfigFields.PollCycles),
        CycleIntervalSeconds = Number(fields, ConfigFields.CycleInterval),
        MinDurationSeconds = ConfigField.AsNumber(fields[ConfigFields.MinDuration]) ?? GlobalConfig.DefaultMinDurationSeconds,
        KeyframeTimeoutSeconds = ConfigField.AsNumber(fields[ConfigFields.KeyframeTimeout]) ?? GlobalConfig.DefaultKeyframeTimeoutSeconds,
        MaxSessionsPerHost = (int)(ConfigField.AsNumber(fields[ConfigFields.MaxSessionsPerHost]) ?? GlobalConfig.DefaultMaxSessionsPerHost),
        SessionLimits = HostLimits.Read(fields[ConfigFields.SessionLimits]),
    };

    private static StreamConfig Stream(JsonObject fields, int index) => new()
    {
        Index = index,
        Url = StreamUrl.TryParse(Text(fields, ConfigFields.RtspUrl), out var url) ? url : throw new InvalidOperationException("The document was not checked"),
        DurationSeconds = Number(fields, ConfigFields.Duration),
        Weight = Number(fields, ConfigFields.Weight),
        OutputFilename = Text(fields, ConfigFields.OutputFilename),
        Ingest = ConfigField.AsText(fields[ConfigFields.Ingest]) == ConfigFields.IngestFFmpeg ? IngestPath.FFmpeg : IngestPath.Auto,
        AcceptsAnyCertificate = ConfigField.AsFlag(fields[ConfigFields.AcceptAnyCertificate]) ?? false,
    };

    private static double Number(JsonObject fields, string name) => ConfigField.AsNumber(fields[name])!.Value;

    private static string Text(JsonObject fields, string name) => ConfigField.AsText(fields[name])!;
}
