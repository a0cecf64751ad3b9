namespace OrleansRecorder.Media.Recordings;

/// <summary>The AudioSpecificConfig of AAC (ISO 14496-3, 1.6.2.1).</summary>
internal static class AacConfiguration
{
    private const int SbrObject = 5;
    private const int PsObject = 29;
    private static readonly int[] Rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    /// <summary>
    /// The samples of one frame, in the track's own clock: with spectral band replication the clock may run twice as fast as the core. Null when the
    /// configuration makes no sense.
    /// </summary>
    public static int? FrameSize(ReadOnlySpan<byte> configuration, int sampleRate)
    {
        if (configuration.Length < 2 || sampleRate <= 0) return null;
        var bits = new BitReader(configuration);
        var kind = bits.Bits(5);
        if (kind == 31) kind = 32 + bits.Bits(6);
        var index = bits.Bits(4);
        var core = index == 15 ? (int)bits.Bits(24) : index < Rates.Length ? Rates[index] : 0;
        bits.Skip(4);
        if (kind is SbrObject or PsObject) return core > 0 && sampleRate >= core ? 1024 * Math.Min(sampleRate / core, 2) : 1024;
        return core > 0 && bits.Flag() ? 960 : 1024;
    }
}
