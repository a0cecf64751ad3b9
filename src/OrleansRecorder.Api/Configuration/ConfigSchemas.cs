namespace OrleansRecorder.Api.Configuration;

// The shapes of configuration bodies for the OpenAPI document. The endpoints themselves pass JSON through, since fields that the recorder does not
// know belong to the user.

/// <summary>The whole configuration.</summary>
/// <param name="GlobalConfig">What holds for all streams.</param>
/// <param name="Streams">At least one.</param>
internal sealed record ConfigSchema(GlobalSchema GlobalConfig, StreamSchema[] Streams);

/// <summary>What holds for all streams.</summary>
/// <param name="TotalPollDurationSeconds">Length of a cycle; greater than 0.</param>
/// <param name="MaxConcurrentStreams">Captures at once over the whole farm; greater than 0.</param>
/// <param name="OutputDirectory">Where the cycle directories are made.</param>
/// <param name="ReportFilename">The name of the JSON report in each of them.</param>
/// <param name="ConnectionTimeoutSeconds">Greater than 0.</param>
/// <param name="ReadTimeoutSeconds">Greater than 0.</param>
/// <param name="PollCycles">How many cycles; -1 for ever.</param>
/// <param name="CycleIntervalSeconds">The pause between two; 0 or more.</param>
internal sealed record GlobalSchema(
    double TotalPollDurationSeconds, int MaxConcurrentStreams, string OutputDirectory, string ReportFilename,
    double ConnectionTimeoutSeconds, double ReadTimeoutSeconds, int PollCycles, double CycleIntervalSeconds);

/// <summary>One camera.</summary>
/// <param name="RtspUrl">Absolute, scheme rtsp or rtsps.</param>
/// <param name="DurationSeconds">How long to record in a cycle; greater than 0.</param>
/// <param name="Weight">Its share when a cycle has no room for all; greater than 0.</param>
/// <param name="OutputFilename">A bare file name that ends in .mp4; unique.</param>
/// <param name="Ingest">auto (when absent): the recorder's own client for rtsp and rtsps; ffmpeg: FFmpeg's for this stream.</param>
/// <param name="AcceptAnyCertificate">Whether an rtsps camera may show any certificate; false when absent.</param>
internal sealed record StreamSchema(
    string RtspUrl, double DurationSeconds, double Weight, string OutputFilename, string? Ingest = null, bool? AcceptAnyCertificate = null);

/// <summary>Where to save.</summary>
/// <param name="FilePath">In the configuration directory; the configuration's own file when absent.</param>
internal sealed record SaveSchema(string? FilePath);
