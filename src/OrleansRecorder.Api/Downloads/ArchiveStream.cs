using OrleansRecorder.Api.Errors;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Downloads;

/// <summary>
/// A file in some node's archive as a stream to read and seek. Holds two pieces of at most <see cref="IArchiveGrain.MaxReadBytes"/>: the one being
/// read and the next, which is fetched meanwhile; no more is asked for before the reader has come that far.
/// </summary>
internal sealed class ArchiveStream(IArchiveGrain archive, string outputDirectory, ArchiveFile file) : Stream
{
    // Players ask for many small ranges: the first piece is small, and only who reads on gets large ones.
    private const int FirstPieceBytes = 64 << 10;

    private Piece? _current;
    private (long Offset, Task<byte[]?> Bytes)? _ahead;
    private int _nextCount = FirstPieceBytes;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Size;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty) return 0;
        if (_current is null || !_current.Contains(Position)) _current = await Fetch(Position, cancellationToken);

        var available = _current.Bytes.AsMemory((int)(Position - _current.Offset));
        var count = Math.Min(buffer.Length, available.Length);
        available[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Current => Position + offset,
        SeekOrigin.End => Length + offset,
        _ => offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("archives are read asynchronously");

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        ForgetAhead();
        base.Dispose(disposing);
    }

    private async Task<Piece> Fetch(long offset, CancellationToken cancellation)
    {
        if (_ahead is { } ahead && ahead.Offset != offset) ForgetAhead();
        var bytes = await (_ahead?.Bytes ?? Ask(offset)).WaitAsync(cancellation);
        _ahead = null;
        if (bytes is not { Length: > 0 }) throw ApiException.NotFound($"文件在读取时被删除或改变: {file.Path}", $"the file was deleted or changed while it was read: {file.Path}");

        var piece = new Piece(offset, bytes);
        if (piece.End < Length) _ahead = (piece.End, Ask(piece.End));
        return piece;
    }

    private Task<byte[]?> Ask(long offset)
    {
        var count = (int)Math.Min(_nextCount, Length - offset);
        _nextCount = Math.Min(_nextCount * 2, IArchiveGrain.MaxReadBytes);
        return archive.Read(outputDirectory, file.Path, file.ETag, offset, count);
    }

    // What it answers interests nobody any more, an error neither.
    private void ForgetAhead()
    {
        _ahead?.Bytes.ContinueWith(static call => _ = call.Exception, TaskContinuationOptions.ExecuteSynchronously);
        _ahead = null;
    }

    private sealed record Piece(long Offset, byte[] Bytes)
    {
        public long End => Offset + Bytes.Length;

        public bool Contains(long position) => position >= Offset && position < End;
    }
}
