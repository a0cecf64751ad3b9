using OrleansRecorder.Archive;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>Picks a task's files out of a listing.</summary>
internal static class LostParts
{
    /// <summary>The parts of a task, in order. The length of a file that was put back by recovery is what the archive says, 0 when it does not know.</summary>
    public static RecordedPart[] Of(string outputFilename, IEnumerable<Recording> recordings) =>
    [
        .. recordings
            .Select(r => (Recording: r, Part: PartName.NumberOf(r.Filename, outputFilename)))
            .Where(r => r.Part is not null).OrderBy(r => r.Part)
            .Select(r => new RecordedPart
            {
                Filename = r.Recording.Filename,
                StartedAt = r.Recording.CreatedAt,
                Duration = TimeSpan.FromSeconds(r.Recording.DurationSeconds ?? 0),
                Size = r.Recording.Size,
            }),
    ];
}
