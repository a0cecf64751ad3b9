using System.Collections.Concurrent;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>The steps of a remote enumeration, as a grain's activation takes them.</summary>
internal interface IEnumerationHost : IAddressable
{
    [AlwaysInterleave]
    ValueTask<EnumerationStep> Start(Guid id, string interfaceName, uint method, byte[] arguments, int maxBatchSize);

    [AlwaysInterleave]
    ValueTask<EnumerationStep> MoveNext(Guid id, int maxBatchSize);

    [AlwaysInterleave]
    ValueTask Stop(Guid id);
}

/// <summary>What a step brings.</summary>
/// <param name="Kind">Whether there may be more.</param>
/// <param name="Elements">An array of the elements; null for none.</param>
/// <param name="Error">What the iterator threw.</param>
[GenerateSerializer]
internal sealed record EnumerationStep(EnumerationStepKind Kind, object? Elements = null, Exception? Error = null);

/// <summary>Kinds of steps.</summary>
internal enum EnumerationStepKind
{
    /// <summary>Ask again; there may be no elements yet.</summary>
    More = 0,

    /// <summary>These were the last.</summary>
    Done = 1,

    /// <summary>The iterator threw.</summary>
    Failed = 2,

    /// <summary>The activation does not know the enumeration.</summary>
    Unknown = 3,
}

/// <summary>The iterators that callers enumerate in one activation.</summary>
internal sealed class EnumerationHost(ActivationData activation) : IEnumerationHost, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Enumeration> _enumerations = new();
    private Timer? _expiry;

    private TimeSpan Patience => activation.Silo.Caller.ResponseTimeout;

    public ValueTask<EnumerationStep> Start(Guid id, string interfaceName, uint method, byte[] arguments, int maxBatchSize)
    {
        var found = GrainInterface.Find(interfaceName)?.FindMethod(method) ?? throw new OrleansException($"The grain has no sequence {interfaceName} {method:x}.");
        var enumeration = (Enumeration)Activator.CreateInstance(typeof(Enumeration<>).MakeGenericType(found.Return.ElementType!))!;
        var values = found.ReadArguments(activation.Silo.Caller.Wire.Read(arguments));
        if (found.CancellationIndex >= 0) values[found.CancellationIndex] = enumeration.Cancellation.Token;
        enumeration.Begin(found.InvokeRaw(activation.GrainInstance!, values));
        _enumerations[id] = enumeration;
        _expiry ??= Ambient.Without(() => new Timer(_ => activation.Post(() => _ = ExpireAsync()), null, Patience, Patience));
        return MoveNext(id, maxBatchSize);
    }

    public async ValueTask<EnumerationStep> MoveNext(Guid id, int maxBatchSize)
    {
        if (!_enumerations.TryGetValue(id, out var enumeration)) return new(EnumerationStepKind.Unknown);
        var step = await enumeration.Step(maxBatchSize, Patience / 2);
        if (step.Kind != EnumerationStepKind.More) await Stop(id);
        return step;
    }

    public async ValueTask Stop(Guid id)
    {
        if (_enumerations.TryRemove(id, out var enumeration)) await enumeration.End();
    }

    public async ValueTask DisposeAsync()
    {
        if (_expiry is not null) await _expiry.DisposeAsync();
        foreach (var id in _enumerations.Keys) await Stop(id);
    }

    private async Task ExpireAsync()
    {
        foreach (var (id, enumeration) in _enumerations)
        {
            if (enumeration.IsAbandonedFor(Patience)) await Stop(id);
        }
    }

    private abstract class Enumeration
    {
        private long _lastStep = Environment.TickCount64;
        private bool _stepping;

        public CancellationTokenSource Cancellation { get; } = new();

        public bool IsAbandonedFor(TimeSpan time) => !_stepping && Environment.TickCount64 - _lastStep > time.TotalMilliseconds;

        public abstract void Begin(object? sequence);

        public async ValueTask<EnumerationStep> Step(int maxBatchSize, TimeSpan patience)
        {
            _stepping = true;
            try
            {
                return await Pull(maxBatchSize, patience);
            }
            finally
            {
                _stepping = false;
                _lastStep = Environment.TickCount64;
            }
        }

        public async ValueTask End()
        {
            try
            {
                await Cancellation.CancelAsync();
                await Dispose();
            }
            catch (Exception)
            {
                // The caller has gone; what the iterator's end throws has nobody to hear it.
            }
            finally
            {
                Cancellation.Dispose();
            }
        }

        protected abstract ValueTask<EnumerationStep> Pull(int maxBatchSize, TimeSpan patience);

        protected abstract ValueTask Dispose();
    }

    private sealed class Enumeration<T> : Enumeration
    {
        private IAsyncEnumerator<T> _iterator = null!;
        private Task<bool>? _pending;
        private Exception? _error;

        public override void Begin(object? sequence) => _iterator = ((IAsyncEnumerable<T>)sequence!).GetAsyncEnumerator(Cancellation.Token);

        protected override async ValueTask<EnumerationStep> Pull(int maxBatchSize, TimeSpan patience)
        {
            var elements = new List<T>();
            try
            {
                if (_error is not null) return new(EnumerationStepKind.Failed, null, _error);
                while (elements.Count < maxBatchSize)
                {
                    _pending ??= _iterator.MoveNextAsync().AsTask();
                    if (!_pending.IsCompleted)
                    {
                        if (elements.Count > 0) break;
                        // Answers before the caller's time is up, so that a slow iterator is not a dead one.
                        await Task.WhenAny(_pending, Task.Delay(patience));
                        if (!_pending.IsCompleted) break;
                    }

                    var step = _pending;
                    _pending = null;
                    if (!await step) return new(EnumerationStepKind.Done, elements.ToArray());
                    elements.Add(_iterator.Current);
                }
            }
            catch (Exception exception)
            {
                if (elements.Count == 0) return new(EnumerationStepKind.Failed, null, exception);
                // The caller gets what came before first.
                _error = exception;
            }

            return new(EnumerationStepKind.More, elements.Count == 0 ? null : elements.ToArray());
        }

        protected override async ValueTask Dispose()
        {
            // An iterator in the middle of a step cannot be disposed: its token has fired, and its step ends first.
            if (_pending is not null) await _pending.ContinueWith(static _ => { }, TaskScheduler.Current);
            await _iterator.DisposeAsync();
        }
    }
}
