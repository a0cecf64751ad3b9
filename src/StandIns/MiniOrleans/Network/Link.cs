using System.Buffers.Binary;
using System.Collections.Concurrent;
using Orleans.Runtime.Messaging;

namespace Orleans.Runtime;

/// <summary>One connection: frames in both directions, signs of life, and an end that either side may ask for.</summary>
internal sealed class Link : IAsyncDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly Func<Task> _endOutput;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _pings = new();
    private TaskCompletionSource _farewell = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private long _lastPing;

    /// <param name="input">What the other side says.</param>
    /// <param name="output">What this one says.</param>
    /// <param name="endOutput">Tells the other side that no more comes.</param>
    /// <param name="wire">Reads the messages.</param>
    /// <param name="maxBodySize">Bytes of a message's body.</param>
    /// <param name="bounds">How much may wait.</param>
    public Link(Stream input, Stream output, Func<Task> endOutput, Wire wire, int maxBodySize, FrameBounds bounds)
    {
        _reader = new FrameReader(input, wire, maxBodySize);
        _writer = new FrameWriter(output, bounds, wire.Exceptions);
        _endOutput = endOutput;
        _writing = Ambient.Without(() => Task.Run(WriteAsync));
    }

    /// <summary>Nothing comes or goes any more.</summary>
    public bool IsOver => _over.IsCancellationRequested;

    /// <summary>Why it ended, when that was not in order.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc cref="FrameWriter.TrySend"/>
    public bool TrySend(Message message) => !IsOver && _writer.TrySend(message);

    public void Send(FrameKind kind, ReadOnlyMemory<byte> payload) => _writer.Send(kind, payload);

    /// <summary>The next frame of the handshake.</summary>
    public ValueTask<Frame?> ReadAsync(CancellationToken cancellation) => _reader.ReadAsync(cancellation);

    /// <summary>The next frame may be long.</summary>
    public void ExpectLong() => _reader.MaxLength = FrameSizes.MaxPlain;

    /// <summary>The other side has proved that it knows the secret.</summary>
    public void Trust() => (_reader.IsTrusted, _reader.MaxLength) = (true, FrameSizes.MaxPlain);

    /// <summary>Reads until either side ends.</summary>
    /// <param name="receive">Takes the messages; must not block.</param>
    /// <param name="leaving">The other side wants no more calls; called before the answer to it is sent.</param>
    public async Task ServeAsync(Action<Message> receive, Action leaving)
    {
        try
        {
            while (await _reader.ReadAsync(_over.Token).ConfigureAwait(false) is { } frame) Handle(frame, receive, leaving);
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            // The other side is gone, or does not speak as it should. What is lost with it is for the owner of the connection to say.
            Failure ??= exception.Message;
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the other side has answered.</summary>
    /// <exception cref="ConnectionFailedException">The connection ended first.</exception>
    public async Task Ping(CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _lastPing);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pings[number] = answered;
        try
        {
            var payload = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(payload, number);
            Send(FrameKind.Ping, payload);
            if (IsOver) FailPings();
            await answered.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _pings.TryRemove(number, out _);
        }
    }

    /// <summary>
    /// Completes when the other side has taken in all that was sent before this, and has said that it sends no more calls, or when the connection is over.
    /// Not twice at a time.
    /// </summary>
    public Task SayGoodbye(CancellationToken cancellation)
    {
        var farewell = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _farewell, farewell);
        Send(FrameKind.Goodbye, default);
        return IsOver ? Task.CompletedTask : farewell.Task.WaitAsync(cancellation);
    }

    /// <summary>No more is sent; what waits still goes out, and then the other side ends too.</summary>
    public void Complete() => _writer.Complete();

    /// <summary>Ends at once.</summary>
    public void Break(string why)
    {
        Failure ??= why;
        _over.Cancel();
    }

    /// <inheritdoc cref="FrameWriter.TakeUnwritten"/>
    public IReadOnlyList<Message> TakeUnwritten() => _writer.TakeUnwritten();

    /// <summary>Ends it in order if the other side agrees in time. Only for a connection that is served.</summary>
    public async ValueTask DisposeAsync()
    {
        Complete();
        await Task.WhenAny(_served.Task, Task.Delay(FlushTime)).ConfigureAwait(false);
        Break("It was closed.");
        await _served.Task.ConfigureAwait(false);
    }

    /// <summary>For a connection whose handshake failed: what waits goes out, and that is all.</summary>
    public Task EndAsync() => EndAsync(FlushTime);

    /// <summary>What a connection that breaks throws, whichever side and layer notices it.</summary>
    public static bool IsBreak(Exception exception) =>
        exception is IOException or OperationCanceledException or InvalidDataException or HttpRequestException or ObjectDisposedException or InvalidOperationException;

    private async Task EndAsync(TimeSpan time)
    {
        _writer.Complete();
        await Task.WhenAny(_writing, Task.Delay(time)).ConfigureAwait(false);
        await _over.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        FailPings();
        Volatile.Read(ref _farewell).TrySetResult();
        _reader.Dispose();
        _served.TrySetResult();
    }

    private void Handle(Frame frame, Action<Message> receive, Action leaving)
    {
        switch (frame.Kind)
        {
            case FrameKind.Message: receive(frame.Message!); break;
            case FrameKind.Ping: Send(FrameKind.Pong, frame.Payload.ToArray()); break;
            case FrameKind.Pong when frame.Payload.Length == sizeof(long):
                if (_pings.TryGetValue(BinaryPrimitives.ReadInt64LittleEndian(frame.Payload.Span), out var answered)) answered.TrySetResult();
                break;
            case FrameKind.Goodbye:
                leaving();
                Send(FrameKind.Farewell, default);
                break;
            case FrameKind.Farewell: Volatile.Read(ref _farewell).TrySetResult(); break;
            default: throw new InvalidDataException($"A frame of kind {frame.Kind} makes no sense here.");
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _writer.RunAsync(_over.Token).ConfigureAwait(false);
            await _endOutput().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            // The reading side ends by it too, and with that the connection.
            Break(exception.Message);
        }
    }

    private void FailPings()
    {
        foreach (var ping in _pings.Values) ping.TrySetException(new ConnectionFailedException($"The connection ended: {Failure ?? "the other side closed it"}."));
    }
}
