using OrleansRecorder.Api.Errors;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Downloads;

/// <summary>
/// A file in some archive as a stream to read and seek. Holds four pieces of at most <see cref="IArchiveGrain.MaxReadBytes"/>: the one being
/// read and the next three, which are fetched meanwhile; no more is asked for before the reader has come that far. What is on its way counts among
/// the <see cref="OutstandingPieces"/> of all downloads; what a reader has not taken yet does not.
/// </summary>
internal sealed class ArchiveStream(Cluster cluster, OutstandingPieces outstanding, string archive, string outputDirectory, ArchiveFile file) : Stream
{
    private const int MaxAhead = 3;

    // Players ask for many small ranges: the first piece is small, and only who reads on gets large ones, and more of them ahead.
    private const int FirstPieceBytes = 64 << 10;

    private readonly Queue<(long Offset, Task<byte[]?> Bytes)> _ahead = new(MaxAhead);
    private CancellationTokenSource _unwanted = new();
    private Piece? _current;
    private int _nextCount = FirstPieceBytes;
    private long _askedUpTo;
    private int _fetched;

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
        if (!_ahead.TryPeek(out var next) || next.Offset != offset)
        {
            ForgetAhead();
            _askedUpTo = offset;
            Ask();
        }

        var bytes = await _ahead.Peek().Bytes.WaitAsync(cancellation);
        _ahead.Dequeue();
        if (bytes is not { Length: > 0 }) throw ApiException.NotFound($"文件在读取时被删除或改变: {file.Path}", $"the file was deleted or changed while it was read: {file.Path}");

        _fetched++;
        while (_ahead.Count < Math.Min(_fetched, MaxAhead) && _askedUpTo < Length) Ask();
        return new Piece(offset, bytes);
    }

    private void Ask()
    {
        var (offset, count) = (_askedUpTo, (int)Math.Min(_nextCount, Length - _askedUpTo));
        _nextCount = Math.Min(_nextCount * 2, IArchiveGrain.MaxReadBytes);
        _askedUpTo += count;
        _ahead.Enqueue((offset, Read(offset, count, _unwanted.Token)));
    }

    // A piece that was asked for is on its way, and counts, also when nobody wants it any more.
    private async Task<byte[]?> Read(long offset, int count, CancellationToken unwanted)
    {
        using var room = await outstanding.Take(archive, count, unwanted);
        return await cluster.Idempotent(c => c.Archive(archive).Read(outputDirectory, file.Path, file.ETag, offset, count), CancellationToken.None);
    }

    // What they answer interests nobody any more, an error neither.
    private void ForgetAhead()
    {
        _unwanted.Cancel();
        _unwanted.Dispose();
        _unwanted = new CancellationTokenSource();
        while (_ahead.TryDequeue(out var ahead)) ahead.Bytes.ContinueWith(static call => _ = call.Exception, TaskContinuationOptions.ExecuteSynchronously);
    }

    private sealed record Piece(long Offset, byte[] Bytes)
    {
        public bool Contains(long position) => position >= Offset && position < Offset + Bytes.Length;
    }
}
