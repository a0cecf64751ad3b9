namespace OrleansRecorder.Media.Mp4;

/// <summary>The descriptors of MPEG-4 systems that <c>mp4v</c> and <c>mp4a</c> carry (ISO 14496-1, 7.2.6; ISO 14496-14, 5.6).</summary>
internal static class ElementaryStream
{
    /// <summary>Object type of AAC (ISO 14496-1, table 5).</summary>
    public const byte Aac = 0x40;

    private const byte StreamTag = 3;
    private const byte DecoderTag = 4;
    private const byte SpecificTag = 5;
    private const byte SyncTag = 6;

    /// <summary>The object type of a video codec (ISO 14496-1, table 5); null when it has none.</summary>
    public static byte? VideoType(string codec) => codec switch
    {
        "mpeg4" => 0x20,
        "mpeg2video" => 0x61,
        "mpeg1video" => 0x6a,
        "mjpeg" => 0x6c,
        _ => null,
    };

    /// <summary>Writes <c>esds</c>.</summary>
    /// <param name="boxes">Where to.</param>
    /// <param name="type">The object type.</param>
    /// <param name="isVideo">Pictures; else sound.</param>
    /// <param name="configuration">What the decoder must know: the VOL of MPEG-4, the AudioSpecificConfig of AAC; may be empty.</param>
    public static void Write(BoxWriter boxes, byte type, bool isVideo, ReadOnlySpan<byte> configuration)
    {
        const int header = 5;
        var specific = configuration.Length > 0 ? header + configuration.Length : 0;
        var box = boxes.Begin("esds"u8, 0, 0);
        Begin(boxes, StreamTag, 3 + header + 13 + specific + header + 1);
        boxes.UInt16(0);
        boxes.UInt8(0);
        Begin(boxes, DecoderTag, 13 + specific);
        boxes.UInt8(type);
        // Stream type in 6 bits, "upstream", a reserved bit that is 1; then buffer size and bit rates, which nobody knows.
        boxes.UInt8(isVideo ? 0x11 : 0x15);
        boxes.Zeros(11);
        if (configuration.Length > 0)
        {
            Begin(boxes, SpecificTag, configuration.Length);
            boxes.Bytes(configuration);
        }

        Begin(boxes, SyncTag, 1);
        boxes.UInt8(2);
        boxes.End(box);
    }

    // Lengths have 7 bits a byte; four bytes are what all readers expect.
    private static void Begin(BoxWriter boxes, byte tag, int length)
    {
        boxes.UInt8(tag);
        boxes.UInt8(0x80 | (length >> 21));
        boxes.UInt8(0x80 | (length >> 14));
        boxes.UInt8(0x80 | (length >> 7));
        boxes.UInt8(length & 0x7f);
    }
}
