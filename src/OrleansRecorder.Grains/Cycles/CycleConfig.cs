using Microsoft.Extensions.Options;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Cycles;

/// <summary>Takes from the configuration what a cycle needs.</summary>
internal sealed class CycleConfig(IOptions<ConfigOptions> options)
{
    /// <summary>Reads a document of ConfigGrain, which keeps only valid ones.</summary>
    public (CycleSettings Settings, CycleStream[] Streams) Read(string document)
    {
        var edit = ConfigDocument.Parse(document, options.Value.Rules);
        if (!edit.IsDone) throw new InvalidDataException(string.Join("; ", edit.Problems.Select(p => p.English)));
        var (global, streams) = edit.Document.Config;
        var settings = new CycleSettings
        {
            TotalSeconds = global.TotalPollDurationSeconds,
            MaxConcurrentStreams = global.MaxConcurrentStreams,
            OutputDirectory = global.OutputDirectory,
            ReportFilename = global.ReportFilename,
            ConnectionTimeoutSeconds = global.ConnectionTimeoutSeconds,
            ReadTimeoutSeconds = global.ReadTimeoutSeconds,
            PollCycles = global.PollCycles,
            CycleIntervalSeconds = global.CycleIntervalSeconds,
            MinDurationSeconds = global.MinDurationSeconds,
            KeyFrameTimeoutSeconds = global.KeyframeTimeoutSeconds,
            MaxSessionsPerHost = global.MaxSessionsPerHost,
            SessionLimits = new Dictionary<string, int>(global.SessionLimits),
        };
        return (settings, [.. streams.Select(Stream)]);
    }

    private static CycleStream Stream(StreamConfig stream) =>
        new(stream.Url.Original, stream.Url.WithoutCredentials, stream.DurationSeconds, stream.Weight, stream.OutputFilename)
        {
            Ingest = stream.Ingest,
            AcceptsAnyCertificate = stream.AcceptsAnyCertificate,
        };
}
