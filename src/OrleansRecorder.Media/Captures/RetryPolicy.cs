using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>When to connect again after a failure: 1, 2, 4 … 30 s, each a fifth more or less, until a minute has gone by without media.</summary>
internal sealed class RetryPolicy(Func<double> random)
{
    private const int MaxNonsense = 2;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);
    private TimeSpan _next = First;
    private int _nonsense;

    /// <summary>The pause before the next connection, or null to give up.</summary>
    /// <param name="end">Why the last one ended.</param>
    /// <param name="hadMedia">Whether the last one recorded anything: then patience begins anew.</param>
    /// <param name="withoutMedia">Since the last picture, or since the start.</param>
    /// <param name="left">Until the end of the cycle.</param>
    public TimeSpan? Next(SourceEnd end, bool hadMedia, TimeSpan withoutMedia, TimeSpan left)
    {
        if (hadMedia)
        {
            _next = First;
            _nonsense = 0;
        }

        if (!end.Cause.IsRetryable()) return null;
        if (end.NeedsFewTries && ++_nonsense > MaxNonsense) return null;
        var pause = _next * (0.8 + (0.4 * random()));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return withoutMedia + pause < Budget && pause < left ? pause : null;
    }
}
