namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>The tables that every sender of RFC 2435 takes for granted (ITU-T T.81, K.1 and K.3), in zigzag order.</summary>
internal static class JpegTables
{
    private static readonly byte[] Luminance =
    [
        16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
        56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
    ];

    private static readonly byte[] Chrominance =
    [
        17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    // The values of the two tables for numbers other than the first of a block, in the order of their codes' lengths.
    private const string LuminanceValues =
        "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748494A535455565758595A"
        + "636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4"
        + "E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA";

    private const string ChrominanceValues =
        "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A"
        + "636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4"
        + "E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA";

    /// <summary>The four Huffman tables, each behind its class and number: the contents of a DHT segment.</summary>
    public static byte[] Huffman { get; } =
    [
        0x00, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        0x10, 0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D, .. Convert.FromHexString(LuminanceValues),
        0x01, 0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        0x11, 0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77, .. Convert.FromHexString(ChrominanceValues),
    ];

    /// <summary>The two quantization tables of a quality from 1 to 99 (RFC 2435, 4.2), 64 bytes each.</summary>
    public static byte[] Quantization(int quality)
    {
        var factor = quality < 50 ? 5000 / quality : 200 - (quality * 2);
        return [.. Luminance.Concat(Chrominance).Select(value => (byte)Math.Clamp(((value * factor) + 50) / 100, 1, 255))];
    }
}
