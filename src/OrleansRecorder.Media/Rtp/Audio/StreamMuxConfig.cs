using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Rtp.Audio;

/// <summary>How LATM multiplexes one AAC stream (ISO 14496-3, 1.7.3.1).</summary>
/// <param name="Configuration">The AudioSpecificConfig in whole bytes.</param>
/// <param name="Sound">What it says.</param>
/// <param name="SubFrames">Frames in an element.</param>
/// <param name="FixedLength">Bytes of every frame; 0: each tells its own.</param>
/// <param name="OtherDataBits">Bits after the frames that are none.</param>
internal sealed record StreamMuxConfig(byte[] Configuration, AudioSpecificConfig Sound, int SubFrames, int FixedLength, uint OtherDataBits)
{
    /// <summary>Reads one and stands behind it; null when it holds more than one stream, or another codec.</summary>
    public static StreamMuxConfig? Read(ref BitCursor bits)
    {
        var isNew = bits.Flag();
        if (isNew && bits.Flag()) return null;
        if (isNew) Value(ref bits);
        bits.Skip(1);
        var subFrames = (int)bits.Bits(6) + 1;
        if (bits.Bits(4) != 0 || bits.Bits(3) != 0) return null;

        var length = isNew ? Value(ref bits) : 0;
        var start = bits.Position;
        if (AudioSpecificConfig.Read(ref bits) is not { } sound) return null;
        if (isNew) bits.Skip(length - (bits.Position - start));
        var size = bits.Position - start;
        if (size is < 16 or > 512 || bits.IsPastEnd) return null;
        var configuration = new byte[(size + 7) / 8];
        bits.CopyTo(start, size, configuration);

        var fixedLength = 0;
        switch (bits.Bits(3))
        {
            case 0:
                bits.Skip(8);
                break;
            case 1:
                fixedLength = (int)bits.Bits(9) + 20;
                break;
            default:
                return null;
        }

        var otherData = bits.Flag() ? OtherData(ref bits, isNew) : 0;
        if (bits.Flag()) bits.Skip(8);
        return bits.IsPastEnd ? null : new StreamMuxConfig(configuration, sound, subFrames, fixedLength, otherData);
    }

    private static uint OtherData(ref BitCursor bits, bool isNew)
    {
        if (isNew) return Value(ref bits);
        var length = 0u;
        bool more;
        do
        {
            more = bits.Flag();
            length = (length << 8) | bits.Bits(8);
        }
        while (more && !bits.IsPastEnd);
        return length;
    }

    private static uint Value(ref BitCursor bits) => bits.Bits((int)(bits.Bits(2) + 1) * 8);
}
