namespace OrleansRecorder.Media.Recordings;

/// <summary>What an AudioSpecificConfig says (ISO 14496-3, 1.6.2.1).</summary>
/// <param name="CoreRate">Hertz of the AAC core.</param>
/// <param name="Rate">Hertz of what comes out: more with spectral band replication that is told beforehand.</param>
/// <param name="Channels">1 to 8; 0 when a program config element says so.</param>
internal readonly record struct AudioSpecificConfig(int CoreRate, int Rate, int Channels)
{
    private const int Sbr = 5;
    private const int Ps = 29;
    private static readonly int[] Rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    /// <summary>Reads one and stands behind it; null when it is none of AAC.</summary>
    public static AudioSpecificConfig? Read(ref BitCursor bits)
    {
        var kind = ObjectType(ref bits);
        var core = SampleRate(ref bits);
        var channels = (int)bits.Bits(4);
        var rate = core;
        if (kind is Sbr or Ps)
        {
            rate = SampleRate(ref bits);
            kind = ObjectType(ref bits);
        }

        if (kind is not (1 or 2 or 3 or 4 or 17 or 23) || core == 0 || rate == 0 || channels > 7) return null;
        bits.Skip(1);
        if (bits.Flag()) bits.Skip(14);
        var isExtended = bits.Flag();
        // What follows tells how many channels there are; such sound is for cinemas.
        if (channels == 0) return null;
        if (isExtended) bits.Skip(kind is 17 or 23 ? 4 : 1);
        if (kind is 17 or 23) bits.Skip(2);
        return bits.IsPastEnd ? null : new AudioSpecificConfig(core, rate, channels == 7 ? 8 : channels);
    }

    /// <summary>
    /// The samples of one frame, in the track's own clock: with spectral band replication the clock may run twice as fast as the core. Null when the
    /// configuration is none.
    /// </summary>
    public static int? FrameSize(ReadOnlySpan<byte> configuration, int sampleRate)
    {
        if (configuration.Length < 2 || sampleRate <= 0) return null;
        var bits = new BitCursor(configuration);
        var kind = ObjectType(ref bits);
        var core = SampleRate(ref bits);
        bits.Skip(4);
        if (kind is Sbr or Ps) return core > 0 && sampleRate >= core ? 1024 * Math.Min(sampleRate / core, 2) : 1024;
        return core > 0 && bits.Flag() ? 960 : 1024;
    }

    /// <summary>One for AAC-LC of a rate, or of the rate nearest to it.</summary>
    public static byte[] Of(int rate, int channels)
    {
        var index = Array.IndexOf(Rates, Rates.MinBy(candidate => Math.Abs((long)candidate - rate)));
        return [(byte)((2 << 3) | (index >> 1)), (byte)((index << 7) | (Math.Clamp(channels, 1, 7) << 3))];
    }

    private static uint ObjectType(ref BitCursor bits)
    {
        var kind = bits.Bits(5);
        return kind == 31 ? 32 + bits.Bits(6) : kind;
    }

    private static int SampleRate(ref BitCursor bits)
    {
        var index = bits.Bits(4);
        return index == 15 ? (int)bits.Bits(24) : index < Rates.Length ? Rates[index] : 0;
    }
}
