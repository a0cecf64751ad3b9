using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Runtime;

/// <summary>The incoming half of a connection. Small frames are read in place; the body of a large one goes straight into a pooled array of its own.</summary>
internal sealed class FrameReader(Stream input, Wire wire, int maxBodySize) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FrameSizes.Chunk);
    private int _start;
    private int _end;
    private Message? _large;
    private int _received;

    /// <summary>Bytes of the longest frame.</summary>
    public int MaxLength { get; set; } = FrameSizes.MaxUntrusted;

    /// <summary>The other side has proved that it knows the secret: messages may come.</summary>
    public bool IsTrusted { get; set; }

    /// <summary>The next frame that means something by itself; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The frame is too long, or makes no sense.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (!await Fill(FrameSizes.Header, cancellation).ConfigureAwait(false)) return null;
            var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
            var kind = (FrameKind)_buffer[_start + 4];
            CheckLength(kind, length);
            _start += FrameSizes.Header;
            if (kind == FrameKind.Chunk)
            {
                if (await ReadChunk(length, cancellation).ConfigureAwait(false) is { } whole) return new Frame(FrameKind.Message, default, whole);
                continue;
            }

            if (!await Fill(length, cancellation).ConfigureAwait(false)) throw Truncated();
            var payload = _buffer.AsMemory(_start, length);
            _start += length;
            if (kind == FrameKind.Large) BeginLarge(payload);
            else return new Frame(kind, payload, kind == FrameKind.Message ? MessageCodec.Read(wire.Read(payload)) : null);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _large = null;
    }

    private static InvalidDataException Truncated() => new("The connection ended in the middle of a frame.");

    private void CheckLength(FrameKind kind, int length)
    {
        if (length < 0 || length > MaxLength) throw new InvalidDataException($"A frame of {length} bytes is longer than {MaxLength}.");
        if (!IsTrusted && kind is FrameKind.Message or FrameKind.Large or FrameKind.Chunk) throw new InvalidDataException("A message came before the handshake was over.");
    }

    private void BeginLarge(ReadOnlyMemory<byte> payload)
    {
        if (_large is not null) throw new InvalidDataException("A large message began inside another one.");
        var reader = wire.Read(payload);
        var head = MessageCodec.ReadHead(reader);
        var length = reader.ReadUnsigned();
        if (length == 0 || length > (ulong)maxBodySize) throw new InvalidDataException($"A message of {length} bytes is longer than MaxMessageBodySize, {maxBodySize}.");
        head.RentBody((int)length);
        (_large, _received) = (head, 0);
    }

    /// <summary>The message, once its body is whole.</summary>
    private async ValueTask<Message?> ReadChunk(int length, CancellationToken cancellation)
    {
        var large = _large ?? throw new InvalidDataException("A chunk came without its message.");
        if (length > large.Body.Length - _received) throw new InvalidDataException("A chunk goes beyond its message.");
        var target = large.RentedBody!.AsMemory(_received, length);
        var buffered = Math.Min(length, _end - _start);
        _buffer.AsMemory(_start, buffered).CopyTo(target);
        _start += buffered;
        await input.ReadExactlyAsync(target[buffered..], cancellation).ConfigureAwait(false);
        _received += length;
        if (_received < large.Body.Length) return null;
        _large = null;
        return large;
    }

    /// <summary>Has so many bytes in the buffer; false at the end of the stream.</summary>
    private async ValueTask<bool> Fill(int count, CancellationToken cancellation)
    {
        if (_end - _start >= count) return true;
        MakeRoom(count);
        while (_end - _start < count)
        {
            var read = await input.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
            if (read == 0) return _end == _start ? false : throw Truncated();
            _end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        var waiting = _buffer.AsSpan(_start, _end - _start);
        if (_buffer.Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(count);
            waiting.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            waiting.CopyTo(_buffer);
        }

        (_start, _end) = (0, waiting.Length);
    }
}
