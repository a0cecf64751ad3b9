using System.Buffers.Binary;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Finishes what a crash or a full disk left: a fragmented file is sound up to the end of its last whole pair of moof and mdat (ISO 14496-12, 8.8).
/// Reads the boxes' headers and the moofs only; never throws for what the file holds.
/// </summary>
public static class Mp4Recovery
{
    private const int HeaderSize = 8;
    private const int MaxBoxInMemory = 32 << 20;

    /// <summary>Looks at a file and changes nothing.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RecoveredRecording Inspect(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Inspect(file);
    }

    /// <summary>Cuts a file after its last whole fragment. A file without a key frame is left as it is: <see cref="RecoveredRecording.HasKeyFrame"/> is false then.</summary>
    /// <exception cref="IOException">The file cannot be read or cut.</exception>
    public static RecoveredRecording Recover(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var recovered = Inspect(file);
        if (recovered.HasKeyFrame && recovered.Length < file.Length) file.SetLength(recovered.Length);
        return recovered;
    }

    /// <summary>Looks at a readable, seekable stream and changes nothing but its position.</summary>
    public static RecoveredRecording Inspect(Stream file)
    {
        var timeline = new FragmentTimeline();
        var soundLength = 0L;
        var position = 0L;
        var hasMovie = false;
        var pendingFragment = false;
        while (TryReadHeader(file, position, out var kind, out var headerSize, out var size) && position + size <= file.Length)
        {
            switch (kind)
            {
                case "moov":
                    hasMovie = ReadBody(file, position + headerSize, size - headerSize) is { } movie && timeline.ReadMovie(movie);
                    break;
                case "moof":
                    pendingFragment = hasMovie && ReadBody(file, position + headerSize, size - headerSize) is { } fragment && timeline.ReadFragment(fragment);
                    break;
                case "mdat":
                    if (pendingFragment) timeline.Accept();
                    pendingFragment = false;
                    break;
            }

            position += size;
            if (!pendingFragment && kind is not "moof") soundLength = position;
        }

        return timeline.HasKeyFrame ? new RecoveredRecording(soundLength, timeline.Duration, HasKeyFrame: true) : new RecoveredRecording(0, TimeSpan.Zero, HasKeyFrame: false);
    }

    private static bool TryReadHeader(Stream file, long position, out string kind, out int headerSize, out long size)
    {
        Span<byte> header = stackalloc byte[16];
        kind = "";
        headerSize = HeaderSize;
        size = 0;
        file.Position = position;
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < HeaderSize) return false;
        size = BinaryPrimitives.ReadUInt32BigEndian(header);
        kind = System.Text.Encoding.Latin1.GetString(header.Slice(4, 4));
        if (size == 1)
        {
            if (read < 16) return false;
            headerSize = 16;
            size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
        }

        return size >= headerSize && position <= long.MaxValue - size && kind.All(c => c is >= ' ' and <= '~');
    }

    private static byte[]? ReadBody(Stream file, long position, long size)
    {
        if (size > MaxBoxInMemory) return null;
        var body = new byte[size];
        file.Position = position;
        return file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) == body.Length ? body : null;
    }
}

/// <summary>What a recording holds that was not finished.</summary>
/// <param name="Length">Bytes up to the end of the last whole fragment; 0 without a key frame.</param>
/// <param name="Duration">Length of its picture.</param>
/// <param name="HasKeyFrame">Whether it plays at all.</param>
public sealed record RecoveredRecording(long Length, TimeSpan Duration, bool HasKeyFrame);
