namespace OrleansRecorder.Archive.Index;

/// <summary>What a finished capture, or a cycle's report, tells of a recording beyond what the disk says.</summary>
/// <param name="Size">Bytes of the file this is about; another size is another file, put there by hand.</param>
/// <param name="DurationSeconds">Length of its media.</param>
/// <param name="RtspUrl">The stream's address without credentials.</param>
/// <param name="StatusCode">The task's status.</param>
internal sealed record RecordingFacts(long Size, double? DurationSeconds, string? RtspUrl, int? StatusCode)
{
    /// <summary>The recording with these facts, or as it was when they are of another file.</summary>
    public Recording ApplyTo(Recording recording) => recording.Size != Size ? recording : recording with
    {
        DurationSeconds = DurationSeconds ?? recording.DurationSeconds,
        RtspUrl = RtspUrl ?? recording.RtspUrl,
        StatusCode = StatusCode ?? recording.StatusCode,
    };
}
