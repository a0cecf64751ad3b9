using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Nodes;

/// <summary>The archives of all nodes, asked at once.</summary>
internal sealed partial class Archives(IClusterClient cluster, INodeDirectory nodes, IOptions<ApiOptions> options, TimeProvider time, ILogger<Archives> logger)
{
    /// <summary>The archive of one node.</summary>
    public IArchiveGrain Of(string node) => cluster.GetGrain<IArchiveGrain>(node);

    /// <summary>How many there are.</summary>
    public async Task<int> CountNodes(CancellationToken cancellation) => (await nodes.GetNames(cancellation)).Length;

    /// <summary>
    /// Asks every archive. Who has not answered when <see cref="ApiOptions.NodeDeadline"/> is over is left out, so that a dead node does not hold up
    /// the others; while nobody has answered there is nothing to serve yet, and the wait goes on for as long as any grain call may take.
    /// Throws what the calls threw when every node failed.
    /// </summary>
    public async Task<ArchiveAnswers<T>> AskAll<T>(Func<IArchiveGrain, Task<T>> question, CancellationToken cancellation)
    {
        var names = await nodes.GetNames(cancellation);
        var calls = names.Select(name => Ask(name, question)).ToArray();
        if (calls.Length == 0) throw new SiloUnavailableException("no recording node is known");

        try
        {
            await Task.WhenAll(calls).WaitAsync(options.Value.NodeDeadline, time, cancellation);
        }
        catch (TimeoutException) when (calls.Any(call => !call.IsCompleted))
        {
            var pending = calls.Where(call => !call.IsCompleted).ToList();
            while (!calls.Any(HasAnswer) && pending.Count > 0) pending.Remove(await Task.WhenAny(pending).WaitAsync(cancellation));
        }

        foreach (var broken in calls.Where(call => call.IsFaulted)) await broken;
        if (!calls.Any(HasAnswer)) throw calls[0].Result.Error!;
        var silent = names.Where((_, i) => !HasAnswer(calls[i])).ToArray();
        foreach (var name in silent) LogSilent(name);
        return new ArchiveAnswers<T>([.. calls.Where(HasAnswer).Select(call => (call.Result.Node, call.Result.Answer!))], silent);
    }

    private static bool HasAnswer<T>(Task<Reply<T>> call) => call.IsCompletedSuccessfully && call.Result.Error is null;

    private async Task<Reply<T>> Ask<T>(string node, Func<IArchiveGrain, Task<T>> question)
    {
        try
        {
            return new Reply<T>(node, await question(Of(node)), null);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // One node out of reach is not an error of the whole: AskAll reports it by name, or throws when all are.
            return new Reply<T>(node, default, e);
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "The archive of {Node} does not answer")]
    private partial void LogSilent(string node);

    private sealed record Reply<T>(string Node, T? Answer, Exception? Error);
}

/// <summary>What the archives said.</summary>
/// <param name="Answers">By node, in the directory's order; at least one.</param>
/// <param name="Silent">The names of those that did not answer in time.</param>
internal sealed record ArchiveAnswers<T>((string Node, T Answer)[] Answers, string[] Silent)
{
    /// <summary><see cref="Silent"/> as answers show it: absent when everybody answered.</summary>
    public string[]? UnavailableNodes => Silent.Length == 0 ? null : Silent;
}
