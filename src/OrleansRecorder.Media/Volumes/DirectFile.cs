using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Mp4;

namespace OrleansRecorder.Media.Volumes;

/// <summary>Writes blocks, all of them, at a place in a file.</summary>
internal delegate void BlockWrite(SafeFileHandle file, ReadOnlySpan<byte> blocks, long position);

/// <summary>
/// One file that grows past the page cache (<c>O_DIRECT</c>), in whole blocks: behind what it has so far the last block is filled up with a <c>free</c> box (ISO 14496-12, 8.1.2), which the next write writes
/// over, together with the same bytes before it. So the file is well-formed at every moment, and the disk's blocks that hold media never change but by what is appended.
/// For one thread at a time.
/// </summary>
/// <param name="disk">Of the file's volume.</param>
/// <param name="time">Measures the calls.</param>
/// <param name="write">How to write blocks; null for <see cref="RandomAccess.Write(SafeFileHandle, ReadOnlySpan{byte}, long)"/>.</param>
internal sealed class DirectFile(DirectWrites disk, TimeProvider time, BlockWrite? write = null)
{
    private const int BoxHead = 8;
    private readonly BlockWrite _write = write ?? RandomAccess.Write;
    private byte[]? _last;
    private long _end;
    private long _reach;
    private bool _isBegun;
    private bool _isDirect;

    /// <summary>Appends a write, if this file is to be written so; false when it is to be written the ordinary way, and the file is ready for that.</summary>
    /// <exception cref="IOException">What was written over the end cannot be cut off.</exception>
    public bool TryAppend(SafeFileHandle file, FileWrite next)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            _isDirect = next.Offset == 0 && next.Length >= DirectWrites.LeastLength && disk.IsWorthIt && DirectAccess.IsFit(file) && DirectAccess.Turn(file, on: true);
        }

        if (!_isDirect) return false;
        if (next.Offset == _end && disk.IsWorthIt)
        {
            try
            {
                Append(file, next);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Whatever it was: the ordinary way works, or says what is wrong.
                disk.Refuse();
            }
        }

        End(file);
        return false;
    }

    /// <summary>From now on the file is written the ordinary way, and is as long as what it was given. Idempotent.</summary>
    /// <exception cref="IOException">It cannot be cut.</exception>
    public void End(SafeFileHandle file)
    {
        if (!_isDirect) return;
        _isDirect = false;
        _last = null;
        DirectAccess.Turn(file, on: false);
        RandomAccess.SetLength(file, _end);
    }

    private void Append(SafeFileHandle file, FileWrite next)
    {
        var buffer = disk.Rent();
        try
        {
            var filled = (int)(_end % DirectWrites.Block);
            var position = _end - filled;
            _last ??= new byte[DirectWrites.Block];
            _last.AsSpan(0, filled).CopyTo(buffer.Span);
            foreach (var piece in next.Pieces)
            {
                for (var rest = piece.Span; rest.Length > 0;)
                {
                    var count = Math.Min(rest.Length, DirectWrites.PieceLength - filled);
                    rest[..count].CopyTo(buffer.Span[filled..]);
                    rest = rest[count..];
                    filled += count;
                    if (filled == DirectWrites.PieceLength) Flush(file, buffer.Span, ref filled, ref position);
                }
            }

            var used = filled % DirectWrites.Block;
            buffer.Span.Slice(filled - used, used).CopyTo(_last);
            filled += WriteFree(buffer.Span[filled..], used, _reach - position - filled);
            Flush(file, buffer.Span, ref filled, ref position);
            _reach = position;
            _end = next.Offset + next.Length;
        }
        finally
        {
            disk.Return(buffer);
        }
    }

    private void Flush(SafeFileHandle file, ReadOnlySpan<byte> buffer, ref int filled, ref long position)
    {
        if (filled == 0) return;
        var since = time.GetTimestamp();
        _write(file, buffer[..filled], position);
        disk.Took(filled, time.GetElapsedTime(since));
        position += filled;
        filled = 0;
    }

    // Up to the block's end, and over what the box before this write left behind that. A box needs room for its head.
    private static int WriteFree(Span<byte> place, int used, long left)
    {
        var length = used > 0 ? DirectWrites.Block - used : 0;
        if (length < left) length = (int)left;
        if (length == 0) return 0;
        if (length < BoxHead) length += DirectWrites.Block;
        place = place[..length];
        place.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(place, (uint)length);
        "free"u8.CopyTo(place[4..]);
        return length;
    }
}
