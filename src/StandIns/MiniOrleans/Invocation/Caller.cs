using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>Makes calls for one silo or client: filters, serialization, the wait for the answer.</summary>
internal sealed class Caller
{
    private readonly GrainId _self;
    private readonly IMessageSender _sender;
    private readonly IOutgoingGrainCallFilter[] _filters;
    private readonly TimeSpan _responseTimeout;
    private readonly int _maxBodySize;

    /// <param name="self">Who calls when no activation does.</param>
    /// <param name="sender">Takes the messages.</param>
    /// <param name="options">Time and size limits.</param>
    /// <param name="filters">See each call before it leaves.</param>
    /// <param name="exceptions">Which exceptions may travel.</param>
    public Caller(GrainId self, IMessageSender sender, Configuration.MessagingOptions options, IEnumerable<IOutgoingGrainCallFilter> filters, ExceptionSerializationOptions exceptions)
    {
        _self = self;
        _sender = sender;
        _filters = [.. filters];
        _responseTimeout = options.ResponseTimeout;
        _maxBodySize = options.MaxMessageBodySize;
        References = new ReferenceFactory(this);
        Wire = new Wire(() => References, exceptions);
        Observers = new ObserverTable(this, self);
    }

    public ReferenceFactory References { get; }

    public Wire Wire { get; }

    public PendingCalls Pending { get; } = new();

    public ObserverTable Observers { get; }

    public GrainId Self => _self;

    public TimeSpan ResponseTimeout => _responseTimeout;

    public Task<object?> Call(GrainReference target, GrainMethod method, object?[] arguments) =>
        _filters.Length == 0 ? Send(target, method, arguments) : new OutgoingCall(this, target, method, arguments, _filters).Run();

    public Task<object?> Send(GrainReference target, GrainMethod method, object?[] arguments)
    {
        try
        {
            return SendOrThrow(target, method, arguments);
        }
        catch (Exception exception)
        {
            // A call that cannot be made fails as one that was: in its task.
            return Task.FromException<object?>(exception);
        }
    }

    /// <exception cref="OrleansException">Arguments or result are longer than a message may be.</exception>
    public void CheckSize(byte[] body, GrainMethod method)
    {
        if (body.Length > _maxBodySize) throw new OrleansException($"The message of {method.Interface.Name}.{method.Name} takes {body.Length} bytes, more than MaxMessageBodySize, {_maxBodySize}.");
    }

    /// <summary>An answer has arrived.</summary>
    public void Complete(Message answer)
    {
        Pending.Complete(answer, Wire);
        answer.ReleaseBody();
    }

    private Task<object?> SendOrThrow(GrainReference target, GrainMethod method, object?[] arguments)
    {
        var cancellation = method.CancellationIndex < 0 ? default : (CancellationToken)arguments[method.CancellationIndex]!;
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<object?>(cancellation);
        var body = Wire.WriteArguments(method, arguments);
        CheckSize(body, method);

        var message = new Message
        {
            Kind = method.OneWay ? MessageKind.OneWay : MessageKind.Request,
            Id = Pending.NextId(),
            Target = target.Id,
            // A grain may also call through a client of another cluster: then it is that client who calls.
            Sender = ActivationData.Current is { } activation && activation.Silo.Caller == this ? activation.GrainId : _self,
            TimeToLive = method.Timeout ?? _responseTimeout,
            InterfaceName = method.Interface.Name,
            MethodId = method.Id,
            InterfaceVersion = method.Interface.Version,
            ReentrancyId = RequestContext.ReentrancyId,
            Context = Wire.WriteContext(RequestContext.Current),
            Body = body,
        };
        if (method.OneWay)
        {
            _sender.Send(message);
            return Task.FromResult<object?>(null);
        }

        var pending = Pending.Add(message, method, method.Timeout ?? _responseTimeout);
        if (cancellation.CanBeCanceled) pending.CancelWith(cancellation, () => Cancel(message));
        _sender.Send(message);
        return pending.Task;
    }

    private void Cancel(Message message)
    {
        if (!Pending.Remove(message.Id)) return;
        _sender.Send(new Message { Kind = MessageKind.Cancel, Id = message.Id, Target = message.Target, Sender = message.Sender });
    }
}

/// <summary>Takes messages to where they go; never blocks, never throws for what happens on the way.</summary>
internal interface IMessageSender
{
    void Send(Message message);
}
