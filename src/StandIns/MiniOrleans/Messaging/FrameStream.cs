using System.Buffers.Binary;
using System.Threading.Channels;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>What a frame holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>The client's first: who it is, and which cluster it wants.</summary>
    Hello = 1,

    /// <summary>The gateway takes it: which grain class serves which interface.</summary>
    Welcome = 2,

    /// <summary>The gateway does not take it: why, as text.</summary>
    Refused = 3,

    /// <summary>A message.</summary>
    Message = 4,

    /// <summary>The gateway stops: send no more.</summary>
    Goodbye = 5,
}

/// <summary>
/// Frames over a pair of streams: the payload's length in four bytes, least significant first, the kind in one, the payload. Writing never blocks:
/// frames wait in a bounded queue, and whoever fills it loses the connection.
/// </summary>
internal sealed class FrameStream(Stream input, Stream output, int maxFrameSize) : IAsyncDisposable
{
    private const int HeaderSize = 5;
    private const int MaxQueuedFrames = 10_000;
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxQueuedFrames) { SingleReader = true });
    private readonly CancellationTokenSource _broken = new();
    private readonly byte[] _header = new byte[HeaderSize];

    /// <summary>Fires when nothing can be written any more.</summary>
    public CancellationToken Broken => _broken.Token;

    public static byte[] Frame(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        frame[4] = (byte)kind;
        payload.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    public static byte[] Frame(Message message, ExceptionSerializationOptions exceptions)
    {
        using var writer = new WireWriter(exceptions);
        MessageCodec.Write(writer, message);
        return Frame(FrameKind.Message, writer.Written);
    }

    /// <summary>False when the connection is over or too much waits.</summary>
    public bool TrySend(byte[] frame)
    {
        if (_outgoing.Writer.TryWrite(frame)) return true;
        _broken.Cancel();
        return false;
    }

    /// <summary>The next frame; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The frame is too long.</exception>
    public async ValueTask<(FrameKind Kind, byte[] Payload)?> ReadAsync(CancellationToken cancellation)
    {
        var read = await input.ReadAtLeastAsync(_header, HeaderSize, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (read == 0) return null;
        var length = read == HeaderSize ? BinaryPrimitives.ReadInt32LittleEndian(_header) : throw new InvalidDataException("The connection ended in the middle of a frame.");
        if (length < 0 || length > maxFrameSize) throw new InvalidDataException($"A frame of {length} bytes is longer than {maxFrameSize}.");
        var payload = new byte[length];
        await input.ReadExactlyAsync(payload, cancellation).ConfigureAwait(false);
        return ((FrameKind)_header[4], payload);
    }

    /// <summary>Writes what is sent until the end is.</summary>
    public async Task WriteAllAsync()
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_broken.Token).ConfigureAwait(false))
            {
                while (_outgoing.Reader.TryRead(out var frame)) await output.WriteAsync(frame, _broken.Token).ConfigureAwait(false);
                await output.FlushAsync(_broken.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other end is gone; the reading side sees it too and ends the connection.
            await _broken.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>No more is sent; what waits still goes out.</summary>
    public void Complete() => _outgoing.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        Complete();
        await _broken.CancelAsync().ConfigureAwait(false);
    }
}
