using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Nodes;

/// <summary>A capture on this node, from its order until its result has been delivered.</summary>
internal sealed class NodeCapture
{
    private readonly CaptureOrder _order;
    private readonly ICapture _capture;
    private readonly TaskCompletionSource _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeCapture(CaptureOrder order, ICapture capture, string node)
    {
        _order = order;
        _capture = capture;
        Completion = Complete(capture, node);
    }

    public CaptureIdentity Identity => _capture.Identity;

    public CaptureProgress Progress => _capture.Progress;

    /// <summary>The result, with the node's name.</summary>
    public Task<CaptureResult> Completion { get; }

    public Task Delivered => _delivered.Task;

    /// <summary>How long it goes on if nothing goes wrong: to its wanted duration, or to the cycle's end.</summary>
    public TimeSpan Left(DateTimeOffset now)
    {
        var (wanted, untilEnd) = (_order.Duration - Progress.Recorded, _order.Deadline - now);
        return wanted < untilEnd ? wanted : untilEnd;
    }

    public void Stop(CaptureCause cause) => _capture.Stop(cause);

    public void MarkDelivered() => _delivered.TrySetResult();

    private static async Task<CaptureResult> Complete(ICapture capture, string node) =>
        await capture.Completion.ConfigureAwait(false) with { Node = node };
}
