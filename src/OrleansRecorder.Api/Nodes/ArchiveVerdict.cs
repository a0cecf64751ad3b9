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
        var worst = answers.Answers.Select(answer => answer.Answer).MinBy(outcome => Array.IndexOf(ByWeight, outcome.Result))!;
        if (worst.Result == ArchiveResult.Ok) return;

        var (status, reason) = worst.Result == ArchiveResult.NotFound && answers.Silent.Length > 0
            ? (StatusCodes.Status503ServiceUnavailable, Unanswered(answers.Silent))
            : (Status(worst.Result), worst.Reason);
        throw new ApiException(status, new LocalizedText($"{failure.Chinese}: {reason.Chinese}", $"{failure.English}: {reason.English}")) { Deletion = deletion };
    }

    /// <summary>The node that has the file, and the file; throws what the client is told otherwise.</summary>
    public static (string Node, ArchiveFile File) OfFile(ArchiveAnswers<ArchiveFile> answers)
    {
        var found = Array.Find(answers.Answers, answer => answer.Answer.Result == ArchiveResult.Ok);
        if (found.Answer is not null) return found;

        var worst = answers.Answers.Select(answer => answer.Answer).MinBy(file => Array.IndexOf(ByWeight, file.Result))!;
        throw worst.Result == ArchiveResult.NotFound && answers.Silent.Length > 0
            ? new ApiException(StatusCodes.Status503ServiceUnavailable, Unanswered(answers.Silent))
            : new ApiException(Status(worst.Result), worst.Reason);
    }

    private static LocalizedText Unanswered(string[] silent) =>
        new($"节点没有响应: {string.Join(", ", silent)}", $"nodes that do not answer: {string.Join(", ", silent)}");

    private static int Status(ArchiveResult result) => result switch
    {
        ArchiveResult.NotFound => StatusCodes.Status404NotFound,
        ArchiveResult.Forbidden => StatusCodes.Status403Forbidden,
        ArchiveResult.InUse => StatusCodes.Status409Conflict,
        ArchiveResult.Invalid => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };
}
