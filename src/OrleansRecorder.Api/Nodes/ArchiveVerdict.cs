using Microsoft.AspNetCore.Http;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Nodes;

/// <summary>What the answers of several archives about one path mean together.</summary>
internal static class ArchiveVerdict
{
    // Whoever refuses decides; then whoever did it; not there is only what all say.
    private static readonly ArchiveResult[] ByWeight =
        [ArchiveResult.Forbidden, ArchiveResult.Invalid, ArchiveResult.InUse, ArchiveResult.Failed, ArchiveResult.Ok, ArchiveResult.NotFound];

    /// <summary>Returns when something was deleted and nobody refused; throws what the client is told otherwise.</summary>
    public static void OfDeletion(ArchiveAnswers<ArchiveOutcome> answers, LocalizedText failure, FailedDeletion deletion)
    {
        var worst = answers.Answers.MinBy(answer => Array.IndexOf(ByWeight, answer.Answer.Result));
        if (worst?.Answer.Result == ArchiveResult.Ok) return;

        var (status, reason) = worst is null or { Answer.Result: ArchiveResult.NotFound } && answers.Silent.Length > 0
            ? (StatusCodes.Status503ServiceUnavailable, Unanswered(answers.Silent))
            : (Status(worst!.Answer.Result), Refusal(worst, answers));
        throw new ApiException(status, new LocalizedText($"{failure.Chinese}: {reason.Chinese}", $"{failure.English}: {reason.English}")) { Deletion = deletion };
    }

    /// <summary>The archive that has the file, and the file; throws what the client is told otherwise.</summary>
    public static (KnownArchive Archive, ArchiveFile File) OfFile(ArchiveAnswers<ArchiveFile> answers)
    {
        var best = Array.Find(answers.Answers, answer => answer.Answer.Result == ArchiveResult.Ok);
        if (best is not null) return (best.Archive, best.Answer);

        var worst = answers.Answers.MinBy(answer => Array.IndexOf(ByWeight, answer.Answer.Result));
        throw worst is null or { Answer.Result: ArchiveResult.NotFound } && answers.Silent.Length > 0
            ? Away(answers.Silent)
            : new ApiException(Status(worst!.Answer.Result), worst.Answer.Reason);
    }

    /// <summary>Nobody who answered has it, and these have not answered.</summary>
    public static ApiException Away(string[] silent) => new(StatusCodes.Status503ServiceUnavailable, Unanswered(silent));

    private static LocalizedText Unanswered(string[] silent) =>
        new($"节点没有响应: {string.Join(", ", silent)}", $"nodes that do not answer: {string.Join(", ", silent)}");

    // On a farm: who refuses, and where it was deleted all the same.
    private static LocalizedText Refusal(ArchiveAnswer<ArchiveOutcome> worst, ArchiveAnswers<ArchiveOutcome> answers)
    {
        var reason = worst.Answer.Reason;
        if (worst.Answer.Result == ArchiveResult.NotFound || answers.Answers.Length + answers.Silent.Length == 1) return reason;
        var done = string.Join(", ", answers.Answers.Where(answer => answer.Answer.Result == ArchiveResult.Ok).Select(answer => answer.Archive.Label));
        var text = new LocalizedText($"{reason.Chinese} (节点 {worst.Archive.Label})", $"{reason.English} (node {worst.Archive.Label})");
        return done.Length == 0 ? text : new LocalizedText($"{text.Chinese}; 已在这些节点上删除: {done}", $"{text.English}; it was deleted on these nodes: {done}");
    }

    private static int Status(ArchiveResult result) => result switch
    {
        ArchiveResult.NotFound => StatusCodes.Status404NotFound,
        ArchiveResult.Forbidden => StatusCodes.Status403Forbidden,
        ArchiveResult.InUse => StatusCodes.Status409Conflict,
        ArchiveResult.Invalid => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };
}
