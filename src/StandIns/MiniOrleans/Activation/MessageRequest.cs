using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>A call that has arrived at an activation.</summary>
internal sealed class MessageRequest(ActivationData activation, Message message, GrainMethod method) : WorkItem
{
    private readonly long _arrived = Environment.TickCount64;
    private CancellationTokenSource? _cancellation;

    public Message Message => message;

    public override bool AlwaysInterleave => method.AlwaysInterleave;

    public override bool ReadOnly => method.ReadOnly;

    public override Guid ReentrancyId => message.ReentrancyId;

    /// <summary>The caller has gone: the method's token fires, on the activation's turn.</summary>
    public void Cancel() => _cancellation?.Cancel();

    private bool IsLate => message.Kind == MessageKind.Request && message.TimeToLive != Timeout.InfiniteTimeSpan && Environment.TickCount64 - _arrived > message.TimeToLive.TotalMilliseconds;

    public override async Task RunAsync()
    {
        // Its caller has seen a timeout and may have called again.
        if (IsLate) return;
        var wire = activation.Silo.Caller.Wire;
        try
        {
            RequestContext.Replace(wire.ReadContext(message.Context), message.ReentrancyId);
            var result = await Invoke(wire);
            if (message.Kind == MessageKind.OneWay) return;
            var answer = message.Answer(MessageKind.Result, default);
            wire.WriteResult(method, result, answer);
            activation.Silo.Caller.CheckSize(answer.Body.Length, method);
            activation.Silo.Router.Send(answer);
        }
        catch (Exception exception)
        {
            Failed(exception, wire);
        }
        finally
        {
            _cancellation?.Dispose();
            _cancellation = null;
        }
    }

    public override void NotRun(Exception? failure)
    {
        if (failure is null) activation.Silo.Router.Reroute(message);
        else if (message.Kind == MessageKind.Request) Answer(MessageKind.Error, activation.Silo.Caller.Wire.WriteException(failure));
    }

    private async ValueTask<object?> Invoke(Wire wire)
    {
        var target = activation.TargetOf(method);
        var arguments = method.ReadArguments(wire.Read(message.Body));
        message.ReleaseBody();
        if (method.CancellationIndex >= 0)
        {
            _cancellation = new CancellationTokenSource();
            arguments[method.CancellationIndex] = _cancellation.Token;
        }

        var filters = activation.Silo.IncomingFilters;
        if (filters.Count == 0 && target is not IIncomingGrainCallFilter) return await method.Invoke(target, arguments);
        return await new IncomingCall(activation, target, method, arguments, message.Sender, filters).Run();
    }

    private void Failed(Exception exception, Wire wire)
    {
        if (exception is InconsistentStateException)
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, exception, "Its stored state was changed by someone else."));
        }

        if (message.Kind == MessageKind.Request) Answer(MessageKind.Error, wire.WriteException(exception));
        else activation.Silo.Log.OneWayFailed(exception, method.Interface.Name, method.Name, activation.GrainId);
    }

    private void Answer(MessageKind kind, byte[] body) => activation.Silo.Router.Send(message.Answer(kind, body));
}
