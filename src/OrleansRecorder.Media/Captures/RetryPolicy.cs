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

    // A camera that hangs up after each key frame is not well again each time: it would make a file a second until the cycle ends.
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(5);
    private TimeSpan _next = First;
    private TimeSpan _waited;
    private int _nonsense;

    /// <summary>The pause before the next connection, or null to give up.</summary>
    /// <param name="end">Why the last one ended.</param>
    /// <param name="recorded">What the last one recorded: after some seconds patience begins anew.</param>
    /// <param name="withoutMedia">Since the last picture, or since the start.</param>
    /// <param name="left">Until the end of the cycle.</param>
    public TimeSpan? Next(SourceEnd end, TimeSpan recorded, TimeSpan withoutMedia, TimeSpan left)
    {
        var lasted = recorded >= Lasting;
        if (lasted) (_next, _waited, _nonsense) = (First, TimeSpan.Zero, 0);
        if (!end.Cause.IsRetryable()) return null;
        if (end.NeedsFewTries && ++_nonsense > MaxNonsense) return null;
        var pause = _next * (0.8 + (0.4 * random()));
        _next = _next * 2 < Longest ? _next * 2 : Longest;

        // To notice the end of a stream that lasted may itself take longer than the budget: it is worth another connection all the same.
        var spent = _waited > withoutMedia ? _waited : withoutMedia;
        _waited += pause;
        return (lasted || spent + pause < Budget) && pause < left ? pause : null;
    }
}
