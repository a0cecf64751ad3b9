using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>The objects of this process that grains may call, each one call at a time. Held weakly.</summary>
internal sealed class ObserverTable(Caller caller, GrainId client)
{
    private readonly ConcurrentDictionary<GrainId, Observer> _observers = new();

    public GrainReference Add(object target, Type interfaceType)
    {
        var id = ClientIds.NewObserver(client);
        _observers[id] = new Observer(target);
        return caller.References.Create(id, interfaceType);
    }

    public void Remove(GrainId id) => _observers.TryRemove(id, out _);

    /// <summary>Calls the object; <paramref name="answer"/> takes the answer.</summary>
    public void Deliver(Message message, Action<Message> answer)
    {
        if (_observers.TryGetValue(message.Target, out var observer) && observer.Target is null) Remove(message.Target);
        if (observer?.Target is null || GrainInterface.Find(message.InterfaceName)?.FindMethod(message.MethodId) is not { } method)
        {
            if (message.Kind == MessageKind.Request) answer(message.Answer(MessageKind.Rejection, Wire.WriteText("The observer is gone.")));
            return;
        }

        observer.Enqueue(() => CallAsync(observer, message, method, answer));
    }

    private async Task CallAsync(Observer observer, Message message, GrainMethod method, Action<Message> answer)
    {
        try
        {
            if (observer.Target is not { } target) return;
            RequestContext.Replace(caller.Wire.ReadContext(message.Context), message.ReentrancyId);
            var result = await method.Invoke(target, method.ReadArguments(caller.Wire.Read(message.Body))).ConfigureAwait(false);
            if (message.Kind != MessageKind.Request) return;
            var good = message.Answer(MessageKind.Result, default);
            caller.Wire.WriteResult(method, result, good);
            answer(good);
        }
        catch (Exception exception)
        {
            // A one-way caller hears of no error; the next call comes all the same.
            if (message.Kind == MessageKind.Request) answer(message.Answer(MessageKind.Error, caller.Wire.WriteException(exception)));
        }
    }

    private sealed class Observer(object target)
    {
        private readonly WeakReference<object> _target = new(target);
        private readonly Lock _lock = new();
        private Task _last = Task.CompletedTask;

        public object? Target => _target.TryGetTarget(out var target) ? target : null;

        public void Enqueue(Func<Task> call)
        {
            lock (_lock) _last = Ambient.Without(() => _last.ContinueWith(_ => call(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap());
        }
    }
}
