using OrleansRecorder.Archive;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>Picks a task's files out of a listing.</summary>
internal static class LostParts
{
    /// <summary>What a cycle's listing has of a task.</summary>
    public static FoundParts Of(LostCapture lost, RecordingPage page) => new(
        lost.Identity.TaskId,
        Of(lost.OutputFilename, page.Recordings),
        Array.FindAll(page.Unrecovered, name => PartName.NumberOf(name, lost.OutputFilename) is not null));

    /// <summary>The parts of a task, in order. Their length is what the archive says, 0 when it cannot tell.</summary>
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
