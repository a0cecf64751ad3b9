namespace OrleansRecorder.Cameras.Clips;

/// <summary>Takes the packets of sound out of an Ogg file (RFC 3533 section 6; Opus in it: RFC 7845).</summary>
internal static class OggPackets
{
    private const int HeaderSize = 27;

    // The stream's head and its comments (RFC 7845 section 3).
    private const int HeaderPackets = 2;

    /// <summary>All packets of a file's only stream but its two headers. Throws <see cref="InvalidDataException"/> for what is no Ogg.</summary>
    public static IReadOnlyList<byte[]> Of(ReadOnlySpan<byte> file)
    {
        List<byte[]> packets = [];
        List<byte> packet = [];
        while (file.Length > 0)
        {
            if (file.Length < HeaderSize || !file.StartsWith("OggS"u8)) throw new InvalidDataException("the sound is no Ogg");
            int segments = file[HeaderSize - 1];
            var lacing = file.Slice(HeaderSize, segments);
            var at = HeaderSize + segments;
            foreach (var length in lacing)
            {
                // A segment that is not full ends a packet.
                packet.AddRange(file.Slice(at, length));
                at += length;
                if (length == byte.MaxValue) continue;
                packets.Add([.. packet]);
                packet.Clear();
            }

            file = file[at..];
        }

        return [.. packets.Skip(HeaderPackets)];
    }
}
