namespace Orleans.Runtime;

/// <summary>A grain's sequence as its caller sees it. Each enumeration starts an iterator of its own in the grain's activation.</summary>
internal sealed class GrainAsyncEnumerable<T>(GrainReference target, GrainMethod method, object?[] arguments) : IAsyncEnumerable<T>
{
    /// <summary>How many elements travel in one step at most.</summary>
    public int MaxBatchSize { get; set; } = 100;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    private sealed class Enumerator(GrainAsyncEnumerable<T> sequence, CancellationToken cancellation) : IAsyncEnumerator<T>
    {
        private readonly Guid _id = Guid.NewGuid();
        private readonly IEnumerationHost _host = (IEnumerationHost)(object)sequence.Target.Caller.References.Create(sequence.Target.Id, typeof(IEnumerationHost));
        private T[] _batch = [];
        private int _next;
        private State _state = State.New;

        private enum State
        {
            New,
            Running,
            Over,
        }

        public T Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            while (_next == _batch.Length)
            {
                if (_state == State.Over) return false;
                Take(await NextStep());
            }

            Current = _batch[_next++];
            return true;
        }

        public async ValueTask DisposeAsync()
        {
            if (_state != State.Running) return;
            _state = State.Over;
            await _host.Stop(_id);
        }

        private async ValueTask<EnumerationStep> NextStep()
        {
            using var linked = sequence.Linked(cancellation, out var token);
            token.ThrowIfCancellationRequested();
            var asked = _state == State.New ? Start() : _host.MoveNext(_id, sequence.MaxBatchSize).AsTask();
            _state = State.Running;
            return await asked.WaitAsync(token);
        }

        private Task<EnumerationStep> Start()
        {
            var (method, wire) = (sequence.Method, sequence.Target.Caller.Wire);
            return _host.Start(_id, method.Interface.Name, method.Id, wire.WriteArguments(method, sequence.Arguments), sequence.MaxBatchSize).AsTask();
        }

        private void Take(EnumerationStep step)
        {
            (_batch, _next) = ((T[]?)step.Elements ?? [], 0);
            if (step.Kind == EnumerationStepKind.More) return;
            _state = State.Over;
            if (step.Kind == EnumerationStepKind.Failed) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(step.Error!);
            if (step.Kind == EnumerationStepKind.Unknown) throw new EnumerationAbortedException($"{sequence.Target.Id} no longer has this enumeration of {sequence.Method.Name}.");
        }
    }

    private GrainReference Target => target;

    private GrainMethod Method => method;

    private object?[] Arguments => arguments;

    /// <summary>The enumeration ends with the caller's token or the argument's, whichever fires first.</summary>
    private CancellationTokenSource? Linked(CancellationToken enumeration, out CancellationToken token)
    {
        var argument = method.CancellationIndex < 0 ? default : (CancellationToken)arguments[method.CancellationIndex]!;
        var linked = enumeration.CanBeCanceled && argument.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(enumeration, argument) : null;
        token = linked?.Token ?? (argument.CanBeCanceled ? argument : enumeration);
        return linked;
    }
}
