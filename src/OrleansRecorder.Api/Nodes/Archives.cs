using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Nodes;

/// <summary>The archives of all nodes, asked at once.</summary>
internal sealed partial class Archives(Cluster cluster, NodeDirectory nodes, IOptions<ApiOptions> options, TimeProvider time, ILogger<Archives> logger)
{
    /// <summary>All that there are.</summary>
    public ValueTask<KnownArchive[]> Known(CancellationToken cancellation) => nodes.GetArchives(cancellation);

    /// <summary>
    /// Asks every archive something that may be asked twice. Who has not answered when <see cref="ApiOptions.NodeDeadline"/> is over is left out, so that one that
    /// hangs does not hold up the others; one that is known to be away is left out at once. While nobody has answered there is nothing to serve yet, and the
    /// wait goes on for as long as a grain call may take.
    /// </summary>
    /// <param name="question">What each is asked.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="isEnough">One such answer makes the others superfluous.</param>
    /// <param name="known">Who is asked; all when absent.</param>
    public Task<ArchiveAnswers<T>> Ask<T>(
        Func<IArchiveGrain, Task<T>> question, CancellationToken cancellation, Func<T, bool>? isEnough = null, KnownArchive[]? known = null) =>
        AskAll(archive => cluster.Idempotent(c => question(c.Archive(archive.Key)), cancellation), options.Value.NodeDeadline, isEnough, known, cancellation);

    /// <summary>The same of a change, which no archive is asked for twice. Who may be long at work on it is waited for.</summary>
    public Task<ArchiveAnswers<T>> Change<T>(Func<IArchiveGrain, Task<T>> change, bool takesLong, CancellationToken cancellation) => AskAll(
        archive => cluster.Once(c => change(c.Archive(archive.Key)), cancellation),
        takesLong ? options.Value.ChangeDeadline : options.Value.NodeDeadline, isEnough: null, known: null, cancellation);

    private async Task<ArchiveAnswers<T>> AskAll<T>(
        Func<KnownArchive, Task<T>> ask, TimeSpan patience, Func<T, bool>? isEnough, KnownArchive[]? known, CancellationToken cancellation)
    {
        known ??= await Known(cancellation);
        if (known.Length == 0) throw new SiloUnavailableException("no recording node is known");
        var calls = Array.ConvertAll(known, archive => archive.IsAway ? Task.FromResult(Reply<T>.None) : TryAsk(archive, ask));
        await Wait(calls, patience, isEnough, cancellation);

        // What is neither an answer nor an archive out of reach is a defect.
        foreach (var broken in calls.Where(call => call.IsFaulted)) await broken;
        var answers = known.Zip(calls).Where(call => HasAnswer(call.Second)).Select(call => new ArchiveAnswer<T>(call.First, call.Second.Result.Answer!)).ToArray();
        if (isEnough is not null && Array.Exists(answers, answer => isEnough(answer.Answer))) return new ArchiveAnswers<T>(answers, []);

        var silent = known.Zip(calls).Where(call => !HasAnswer(call.Second)).SelectMany(call => call.First.Nodes).Order(StringComparer.Ordinal).ToArray();
        if (silent.Length > 0) LogSilent(string.Join(", ", silent));
        return new ArchiveAnswers<T>(answers, silent);
    }

    private async Task Wait<T>(Task<Reply<T>>[] calls, TimeSpan patience, Func<T, bool>? isEnough, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var deadline = Task.Delay(patience, time, over.Token);
        var pending = calls.Where(call => !call.IsCompleted).ToList<Task>();
        while (pending.Count > 0)
        {
            if (isEnough is not null && Array.Exists(calls, call => HasAnswer(call) && isEnough(call.Result.Answer!))) break;
            if (deadline.IsCompleted && Array.Exists(calls, HasAnswer)) break;
            await Task.WhenAny(deadline.IsCompleted ? pending : [.. pending, deadline]);
            cancellation.ThrowIfCancellationRequested();
            pending.RemoveAll(call => call.IsCompleted);
        }

        await over.CancelAsync();
    }

    private static bool HasAnswer<T>(Task<Reply<T>> call) => call.IsCompletedSuccessfully && call.Result.IsAnswer;

    private static async Task<Reply<T>> TryAsk<T>(KnownArchive archive, Func<KnownArchive, Task<T>> ask)
    {
        try
        {
            return new Reply<T>(true, await ask(archive));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // One archive out of reach is not an error of the whole: the answer names it.
            return Reply<T>.None;
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "The archives of {Nodes} do not answer")]
    private partial void LogSilent(string nodes);
}

/// <summary>What became of a question.</summary>
internal sealed record Reply<T>(bool IsAnswer, T? Answer)
{
    public static Reply<T> None { get; } = new(false, default);
}

/// <summary>What one archive said.</summary>
internal sealed record ArchiveAnswer<T>(KnownArchive Archive, T Answer);

/// <summary>What the archives said.</summary>
/// <param name="Answers">By archive, in the directory's order; may be none.</param>
/// <param name="Silent">The nodes of those that did not answer in time, or are known to be away.</param>
internal sealed record ArchiveAnswers<T>(ArchiveAnswer<T>[] Answers, string[] Silent)
{
    /// <summary><see cref="Silent"/> as answers show it: absent when everybody answered.</summary>
    public string[]? UnavailableNodes => Silent.Length == 0 ? null : Silent;

    /// <summary>This, when anybody answered; throws what the client is told otherwise.</summary>
    public ArchiveAnswers<T> OrThrow() => Answers.Length > 0 ? this : throw ArchiveVerdict.Away(Silent);
}
