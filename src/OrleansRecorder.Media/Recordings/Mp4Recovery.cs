using OrleansRecorder.Media.Mp4;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Finishes what a crash or a full disk left: a fragmented file is sound up to the end of its last whole pair of moof and mdat (ISO 14496-12, 8.8), and then
/// gets its index as if it had ended well. See docs/design/recording.md. Never throws for what the file holds.
/// </summary>
public static class Mp4Recovery
{
    /// <summary>Looks at a file and changes nothing.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RecoveredRecording Inspect(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Inspect(file);
    }

    /// <summary>Looks at a readable, seekable stream and changes nothing but its position.</summary>
    public static RecoveredRecording Inspect(Stream file) => Describe(RecordingScan.Run(file));

    /// <inheritdoc cref="Recover(Stream)"/>
    /// <exception cref="IOException">The file cannot be read or cut.</exception>
    public static RecoveredRecording Recover(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        return Recover(file);
    }

    /// <summary>
    /// Cuts a file after its last whole fragment, and folds it if it is one of ours and there is room for the index. A file without a key frame is left as it
    /// is: <see cref="RecoveredRecording.HasKeyFrame"/> is false then.
    /// </summary>
    public static RecoveredRecording Recover(Stream file)
    {
        var indexer = new FragmentIndexer();
        var scan = RecordingScan.Run(file, indexer);
        if (!scan.HasKeyFrame) return Describe(scan);
        if (scan.NeedsMdat) Write(file, Folding.PlaceholderAt, Folding.TurnedHead);
        if (scan.NeedsPlaceholder) Write(file, Folding.PlaceholderAt, Folding.Placeholder);
        if (scan.SoundLength < file.Length) file.SetLength(scan.SoundLength);
        if (!scan.IsIndexed && scan.HasPlaceholder && indexer.Tracks is { } tracks) Fold(file, tracks, indexer.StartedAt);
        return Describe(scan) with { Length = file.Length };
    }

    private static void Fold(Stream file, IReadOnlyList<IndexedTrack> tracks, DateTimeOffset startedAt)
    {
        var end = file.Length;
        try
        {
            Folding.Write(tracks, startedAt, end, (position, bytes) => Write(file, position, bytes), () => (file as FileStream)?.Flush(flushToDisk: true));
        }
        catch (IOException)
        {
            // No room: it plays without an index too. The head is turned last, so that what is cut off here was none yet.
            file.SetLength(end);
        }
    }

    private static void Write(Stream file, long position, ReadOnlySpan<byte> bytes)
    {
        file.Position = position;
        file.Write(bytes);
    }

    private static RecoveredRecording Describe(RecordingScan scan) =>
        scan.HasKeyFrame ? new(scan.SoundLength, scan.Duration, HasKeyFrame: true) : new(0, TimeSpan.Zero, HasKeyFrame: false);
}

/// <summary>What a recording holds that was not finished.</summary>
/// <param name="Length">Bytes up to the end of the last whole fragment, or of the whole file when it has an index; 0 without a key frame.</param>
/// <param name="Duration">Length of its picture.</param>
/// <param name="HasKeyFrame">Whether it plays at all.</param>
public sealed record RecoveredRecording(long Length, TimeSpan Duration, bool HasKeyFrame);
