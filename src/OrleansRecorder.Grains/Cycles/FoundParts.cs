using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>What an archive has of a task.</summary>
/// <param name="TaskId">Which task.</param>
/// <param name="Parts">Its finished files, in order.</param>
/// <param name="Unfinished">The names of those that recovery could not finish so far.</param>
public sealed record FoundParts(int TaskId, RecordedPart[] Parts, string[] Unfinished);
