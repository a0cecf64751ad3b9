using System.Globalization;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Audio;

/// <summary>Which depacketizer sound needs.</summary>
internal static class AudioTracks
{
    /// <summary>The depacketizer of a media; null when its sound cannot be recorded.</summary>
    public static IDepacketizer? Create(MediaDescription media, TrackOutput output) => media.Encoding switch
    {
        "MPEG4-GENERIC" => Aac(media, output),
        "MP4A-LATM" => Latm(media, output),
        "PCMA" => Samples(media, output, "pcm_alaw", 8),
        "PCMU" => Samples(media, output, "pcm_mulaw", 8),
        "L16" => Samples(media, output, "pcm_s16be", 16),
        "OPUS" => Samples(media, output, "opus", 0),
        // The names tell the order of the bits: RFC 3551, 4.5.4 puts the first sample into the lowest ones, ITU-T I.366.2 into the highest.
        "G726-16" or "G726-24" or "G726-32" or "G726-40" => Samples(media, output, "adpcm_g726le", Width(media.Encoding)),
        "AAL2-G726-16" or "AAL2-G726-24" or "AAL2-G726-32" or "AAL2-G726-40" => Samples(media, output, "adpcm_g726", Width(media.Encoding)),
        _ => null,
    };

    private static SampleDepacketizer Samples(MediaDescription media, TrackOutput output, string codec, int bits) =>
        new(Describe(media, output, codec, media.ClockRate, Math.Max(1, media.Channels), []) with { BitsPerSample = bits }, output);

    private static AacDepacketizer Aac(MediaDescription media, TrackOutput output)
    {
        var configuration = Hex(media);
        var sound = Read(configuration);
        if (configuration.Length < 2) configuration = AudioSpecificConfig.Of(media.ClockRate, media.Channels);
        var rate = Rate(media, sound);
        var frame = AudioSpecificConfig.FrameSize(configuration, rate) ?? 1024;
        var track = Describe(media, output, "aac", rate, sound?.Channels ?? Math.Max(1, media.Channels), configuration);
        return new AacDepacketizer(track, output, AuHeaderFormat.Of(media), Duration(frame, rate, media));
    }

    // Without cpresent the configuration is in the elements (RFC 6416, 7.3).
    private static LatmDepacketizer? Latm(MediaDescription media, TrackOutput output)
    {
        var isInBand = media.Parameters.GetValueOrDefault("cpresent", "1").Trim() != "0";
        var bits = new BitCursor(Hex(media));
        var mux = StreamMuxConfig.Read(ref bits);
        if (mux is null && !isInBand) return null;
        var configuration = mux?.Configuration ?? AudioSpecificConfig.Of(media.ClockRate, media.Channels);
        var rate = Rate(media, mux?.Sound);
        var frame = AudioSpecificConfig.FrameSize(configuration, rate) ?? 1024;
        var track = Describe(media, output, "aac", rate, mux?.Sound.Channels ?? Math.Max(1, media.Channels), configuration);
        return new LatmDepacketizer(track, output, mux, isInBand, Duration(frame, rate, media));
    }

    // The RTP clock is the rate of the sound, unless somebody wrote nonsense.
    private static int Rate(MediaDescription media, AudioSpecificConfig? sound) =>
        sound is { } known && media.ClockRate != known.CoreRate && media.ClockRate != known.Rate && media.ClockRate != 2 * known.CoreRate ? known.Rate : media.ClockRate;

    private static int Duration(int frame, int rate, MediaDescription media)
    {
        if (media.Parameters.TryGetValue("constantduration", out var text) && int.TryParse(text, out var said) && said > 0 && said < media.ClockRate) return said;
        return (int)((long)frame * media.ClockRate / rate);
    }

    private static AudioSpecificConfig? Read(byte[] configuration)
    {
        var bits = new BitCursor(configuration);
        return AudioSpecificConfig.Read(ref bits);
    }

    private static byte[] Hex(MediaDescription media)
    {
        var text = media.Parameters.GetValueOrDefault("config", "").Trim().Trim('"');
        if (text.Length is 0 or > 1024 || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit)) return [];
        return Convert.FromHexString(text);
    }

    private static int Width(string encoding) => int.Parse(encoding[^2..], CultureInfo.InvariantCulture) / 8;

    private static MediaTrack Describe(MediaDescription media, TrackOutput output, string codec, int rate, int channels, byte[] configuration) => new()
    {
        Index = output.Index,
        Kind = MediaKind.Audio,
        Codec = codec,
        ClockRate = media.ClockRate,
        SampleRate = rate,
        Channels = channels,
        Extradata = configuration,
    };
}
