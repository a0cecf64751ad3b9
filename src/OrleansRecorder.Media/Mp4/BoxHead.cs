using System.Buffers.Binary;

namespace OrleansRecorder.Media.Mp4;

/// <summary>The head of a box in a file (ISO 14496-12, 4.2).</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Name">Four characters, printable ones.</param>
/// <param name="HeadSize">8, or 16 when its size has 64 bits.</param>
/// <param name="Size">Its head included; it may reach over the file's end.</param>
internal readonly record struct BoxHead(long Position, string Name, int HeadSize, long Size)
{
    /// <summary>Where what it holds begins.</summary>
    public long Body => Position + HeadSize;

    /// <summary>Where the next box begins.</summary>
    public long End => Position + Size;

    /// <summary>Reads the head at a position; false where none can be.</summary>
    public static bool TryRead(Stream file, long position, out BoxHead head)
    {
        Span<byte> bytes = stackalloc byte[16];
        head = default;
        if (position < 0 || position > file.Length - 8) return false;
        file.Position = position;
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < 8) return false;
        long size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var headSize = 8;
        if (size == 1)
        {
            if (read < 16) return false;
            headSize = 16;
            size = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
        }

        var name = System.Text.Encoding.Latin1.GetString(bytes.Slice(4, 4));
        head = new BoxHead(position, name, headSize, size);
        return size >= headSize && position <= long.MaxValue - size && name.All(c => c is >= ' ' and <= '~');
    }

    /// <summary>Reads what it holds; null when that is more than <paramref name="limit"/> bytes, or not all there.</summary>
    public byte[]? ReadBody(Stream file, int limit)
    {
        if (Size - HeadSize > limit || End > file.Length) return null;
        var body = new byte[Size - HeadSize];
        file.Position = Body;
        return file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) == body.Length ? body : null;
    }
}
