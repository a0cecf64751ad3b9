using System.Buffers.Binary;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>
/// The outgoing half of a connection. Nobody who sends ever waits: messages queue up to a bound, and one loop writes them, as many at once as there are.
/// Signs of life go first, then messages in their order, then, a chunk at a time, those with large bodies in theirs.
/// </summary>
internal sealed class FrameWriter(Stream output, FrameBounds bounds, ExceptionSerializationOptions exceptions)
{
    private const int MaxBatch = 1 << 16;
    private readonly Lock _lock = new();
    private readonly Queue<Outgoing> _signs = new();
    private readonly Queue<Outgoing> _small = new();
    private readonly Queue<Outgoing> _large = new();
    private readonly WireWriter _batch = new(exceptions);
    private TaskCompletionSource? _more;
    private long _bytes;
    private bool _complete;
    private Message? _current;
    private int _written;

    /// <summary>False when the connection takes no more, or too much waits. Answers may fill twice the bound: without them their callers wait in vain.</summary>
    public bool TrySend(Message message)
    {
        var size = SizeOf(message);
        var share = message.IsCall ? 1 : 2;
        lock (_lock)
        {
            if (_complete || message.Context.Length > FrameSizes.MaxContext) return false;
            if (_small.Count + _large.Count >= bounds.Frames * share || (_bytes > 0 && _bytes + size > bounds.Bytes * share)) return false;
            _bytes += size;
            // A cancellation must not overtake the request that it is for.
            var queue = IsLarge(message) || (message.Kind == MessageKind.Cancel && (_large.Count > 0 || _current is not null)) ? _large : _small;
            queue.Enqueue(new(FrameKind.Message, message, default));
            Wake_NeedsLock();
        }

        return true;
    }

    /// <summary>Sends a frame without a message; after all messages that wait, unless it is a sign of life.</summary>
    public void Send(FrameKind kind, ReadOnlyMemory<byte> payload)
    {
        lock (_lock)
        {
            if (_complete) return;
            var queue = kind is FrameKind.Goodbye or FrameKind.Farewell ? _large : _signs;
            queue.Enqueue(new(kind, null, payload));
            Wake_NeedsLock();
        }
    }

    /// <summary>No more is taken; what waits is still written.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            Wake_NeedsLock();
        }
    }

    /// <summary>Writes until <see cref="Complete"/> and nothing waits.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await WaitForMore(cancellation).ConfigureAwait(false))
            {
                var chunk = FillBatch();
                if (_batch.Length > 0) await output.WriteAsync(_batch.WrittenMemory, cancellation).ConfigureAwait(false);
                if (chunk.Length > 0) await output.WriteAsync(chunk, cancellation).ConfigureAwait(false);
                Advance(chunk.Length);
            }
        }
        finally
        {
            lock (_lock) _complete = true;
            _batch.Dispose();
        }
    }

    /// <summary>What was never written, in order. Called once the loop is over.</summary>
    public IReadOnlyList<Message> TakeUnwritten()
    {
        lock (_lock)
        {
            Message[] left = [.. _small.Concat(_large).Select(outgoing => outgoing.Message).OfType<Message>()];
            _small.Clear();
            _large.Clear();
            return left;
        }
    }

    private static bool IsLarge(Message message) => message.Body.Length > FrameSizes.LargeBody;

    private static long SizeOf(Message message) => message.Body.Length + message.Context.Length + 256;

    private void Wake_NeedsLock()
    {
        _more?.TrySetResult();
        _more = null;
    }

    /// <summary>False at the end.</summary>
    private async ValueTask<bool> WaitForMore(CancellationToken cancellation)
    {
        var flushed = false;
        while (true)
        {
            Task? more = null;
            lock (_lock)
            {
                if (_current is not null || _signs.Count + _small.Count + _large.Count > 0) return true;
                if (flushed && _complete) return false;
                if (flushed) more = (_more ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await (more?.WaitAsync(cancellation) ?? output.FlushAsync(cancellation)).ConfigureAwait(false);
            flushed = true;
        }
    }

    /// <summary>Puts into the batch what waits, and returns the part of a large body that follows it.</summary>
    private ReadOnlyMemory<byte> FillBatch()
    {
        _batch.Clear();
        while (_batch.Length < MaxBatch && TryTakeSmall(out var next)) Write(next);
        while (_current is null && _batch.Length < MaxBatch && TryTakeLarge(out var next)) Write(next);
        if (_current is null) return default;
        var chunk = _current.Body.Slice(_written, Math.Min(FrameSizes.Chunk, _current.Body.Length - _written));
        WriteHeader(FrameKind.Chunk, chunk.Length);
        return chunk;
    }

    private void Advance(int chunk)
    {
        if (_current is not { } current) return;
        _written += chunk;
        if (_written < current.Body.Length) return;
        (_current, _written) = (null, 0);
        current.ReleaseBody();
    }

    private bool TryTakeSmall(out Outgoing next)
    {
        lock (_lock) return _signs.TryDequeue(out next) || (_small.TryDequeue(out next) && Counted_NeedsLock(next));
    }

    private bool TryTakeLarge(out Outgoing next)
    {
        lock (_lock)
        {
            if (!_large.TryDequeue(out next)) return false;
            // From here on, not from when its first bytes are written, a cancellation would overtake it.
            if (next.Message is { } message && IsLarge(message)) _current = message;
            return Counted_NeedsLock(next);
        }
    }

    private bool Counted_NeedsLock(Outgoing taken)
    {
        if (taken.Message is { } message) _bytes -= SizeOf(message);
        return true;
    }

    private void Write(Outgoing next)
    {
        var start = _batch.Length;
        if (next.Message is not { } message)
        {
            WriteHeader(next.Kind, next.Payload.Length);
            _batch.WriteRaw(next.Payload.Span);
            return;
        }

        var isLarge = IsLarge(message);
        WriteHeader(isLarge ? FrameKind.Large : FrameKind.Message, 0);
        MessageCodec.WriteHead(_batch, message);
        _batch.WriteUnsigned((ulong)message.Body.Length);
        if (!isLarge) _batch.WriteRaw(message.Body.Span);
        BinaryPrimitives.WriteInt32LittleEndian(_batch.WrittenSpan[start..], _batch.Length - start - FrameSizes.Header);
        if (!isLarge) message.ReleaseBody();
    }

    private void WriteHeader(FrameKind kind, int length)
    {
        _batch.WriteFixed32((uint)length);
        _batch.WriteByte((byte)kind);
    }

    private readonly record struct Outgoing(FrameKind Kind, Message? Message, ReadOnlyMemory<byte> Payload);
}

/// <summary>How much may wait to be written.</summary>
/// <param name="Frames">Messages.</param>
/// <param name="Bytes">Their bodies. One message goes through however long it is.</param>
internal sealed record FrameBounds(int Frames, long Bytes)
{
    /// <summary>For another silo: much, since all its grains and ours share it.</summary>
    public static FrameBounds Silo { get; } = new(100_000, 256L << 20);

    /// <summary>For one client; who does not read so much loses the connection.</summary>
    public static FrameBounds Client { get; } = new(20_000, 64L << 20);
}
