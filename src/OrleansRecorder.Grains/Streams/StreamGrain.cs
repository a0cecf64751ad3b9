using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;
using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Streams;

/// <summary>
/// One stream. Its capture runs off the grain's turns, in the node's engine; the grain keeps it single, follows it to its end and
/// delivers the result. The activation lasts as long as the capture does.
/// </summary>
[GrainType("stream"), CapturePlacement]
internal sealed partial class StreamGrain(
    [PersistentState("stream")] IPersistentState<StreamState> state,
    CaptureNode node,
    TimeProvider time,
    ILogger<StreamGrain> logger) : Grain, IStreamGrain
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _deactivated = new();
    private NodeCapture? _capture;
    private bool _isBeginning;

    /// <inheritdoc/>
    public async Task<CaptureAcceptance> Begin(CaptureOrder order)
    {
        // The hint was for this activation. What the capture calls for the rest of its life is not to be placed by it.
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        if (order.Node.Length > 0 && order.Node != node.Name) return await LeaveTo(order);
        var verdict = CaptureFence.Judge(order, _capture?.Identity, state.State.Seen, time.GetUtcNow());
        if (verdict == CaptureFence.Verdict.Replace) verdict = await EndOvertaken(_capture!) ? CaptureFence.Verdict.Begin : CaptureFence.Verdict.Busy;
        return verdict switch
        {
            CaptureFence.Verdict.Runs => CaptureAcceptance.Accepted,
            CaptureFence.Verdict.Busy => CaptureAcceptance.Busy,
            CaptureFence.Verdict.Begin => await BeginNew(order),
            _ => Leave(CaptureAcceptance.Outdated),
        };
    }

    /// <inheritdoc/>
    public async Task End(CaptureIdentity identity, CaptureCause cause)
    {
        if (_capture is { } capture)
        {
            if (capture.Identity == identity || CaptureFence.IsOvertaken(capture.Identity, identity)) capture.Stop(cause);
            return;
        }

        // The order may still be on its way: it is not to begin after this.
        if (identity != state.State.Seen && !CaptureFence.IsOvertaken(identity, state.State.Seen))
        {
            await Remember(identity);
        }

        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<StreamActivity> Running()
    {
        if (_capture is null && !_isBeginning) DeactivateOnIdle();
        return Task.FromResult(new StreamActivity(_capture?.Identity, node.Life));
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_capture is { } capture)
        {
            capture.Stop(CaptureCause.Interrupted);
            await Task.WhenAny(capture.Delivered, Task.Delay(EndLimit, time, cancellationToken));
        }

        await _deactivated.CancelAsync();
    }

    private async Task<CaptureAcceptance> BeginNew(CaptureOrder order)
    {
        using var place = node.TryReserve();
        if (place is null) return Leave(CaptureAcceptance.Draining);
        await Remember(order.Identity);
        if (place.Begin(order) is not { } capture) return Leave(CaptureAcceptance.Draining);

        _capture = capture;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _ = Follow(capture);
        return CaptureAcceptance.Accepted;
    }

    // What could not be written was not seen: the same order may come again. What was written so late that CycleGrain may have given the task to
    // another node is not begun either.
    private async Task Remember(CaptureIdentity identity)
    {
        var (before, start) = (state.State.Seen, time.GetTimestamp());
        _isBeginning = true;
        try
        {
            state.State.Seen = identity;
            await state.WriteStateAsync();
            if (time.GetElapsedTime(start) > WriteLimit) throw new TimeoutException($"An order for {this.GetPrimaryKeyString()} was written too late and is not begun.");
        }
        catch
        {
            state.State.Seen = before;
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _isBeginning = false;
        }
    }

    // The order is for another node, where the stream's activation is to be. What runs here gives way to it if the order is the newer one.
    private async Task<CaptureAcceptance> LeaveTo(CaptureOrder order)
    {
        if (_capture is { } capture && !(CaptureFence.IsOvertaken(capture.Identity, order.Identity) && await EndOvertaken(capture))) return CaptureAcceptance.Busy;
        return Leave(CaptureAcceptance.Elsewhere);
    }

    // Another silo, or nobody, is to answer the next time.
    private CaptureAcceptance Leave(CaptureAcceptance answer)
    {
        if (_capture is null) DeactivateOnIdle();
        return answer;
    }

    private async Task<bool> EndOvertaken(NodeCapture overtaken)
    {
        overtaken.Stop(CaptureCause.Interrupted);
        var ended = await Task.WhenAny(overtaken.Completion, Task.Delay(EndLimit, time)) == overtaken.Completion;
        if (ended && _capture == overtaken) _capture = null;
        return ended;
    }

    // Outlives the call that began it. Until the result is delivered the capture counts as running, so that nobody takes it for lost.
    private async Task Follow(NodeCapture capture)
    {
        var result = await capture.Completion;
        try
        {
            await Deliver(result);
        }
        catch (OperationCanceledException)
        {
            // Deactivated with the result undelivered: CycleGrain finds the capture missing, and its files in the archive.
        }

        capture.MarkDelivered();
        if (_capture != capture) return;
        _capture = null;
        DeactivateOnIdle();
    }

    private async Task Deliver(CaptureResult result)
    {
        var cycle = GrainFactory.GetGrain<ICycleGrain>(ICycleGrain.Key);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await cycle.CaptureEnded(result).WaitAsync(CallLimit, time, _deactivated.Token);
                return;
            }
            catch (Exception exception) when (!_deactivated.IsCancellationRequested)
            {
                LogNotDelivered(exception, this.GetPrimaryKeyString(), pause);
            }

            await Task.Delay(pause, time, _deactivated.Token);
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "The result of {Stream} was not accepted; trying again in {Pause}.")]
    private partial void LogNotDelivered(Exception exception, string stream, TimeSpan pause);
}
