using System.Threading.Tasks.Sources;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>
/// A connection as a stream: a read that finds nothing is completed by a later <see cref="Pump"/>, and whoever waits for it goes on inside that call.
/// A write never waits.
/// </summary>
internal sealed class SweptStream(IByteConnection inner) : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _destination;
    private bool _isWaiting;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Completes the read that waits, if anything has come or the end is reached.</summary>
    public void Pump()
    {
        // Who goes on may read again, and wait again.
        while (_isWaiting)
        {
            var count = inner.Receive(_destination.Span);
            if (count == 0 && !inner.IsClosed) return;
            _isWaiting = false;
            _source.SetResult(count);
        }
    }

    /// <summary>Fails the read that waits: nobody will sweep any more.</summary>
    public void Break()
    {
        if (!_isWaiting) return;
        _isWaiting = false;
        _source.SetException(new IOException("The connection was given up."));
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = inner.Receive(buffer.Span);
        if (count > 0 || inner.IsClosed || buffer.IsEmpty) return ValueTask.FromResult(count);
        _destination = buffer;
        _source.Reset();
        _isWaiting = true;
        return new ValueTask<int>(this, _source.Version);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Send(buffer);
        if (inner.IsClosed) throw new IOException("The connection is closed.");
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It never waits.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
