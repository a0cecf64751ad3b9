using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>Which depacketizer pictures need.</summary>
internal static class VideoTracks
{
    /// <summary>The depacketizer of a media; null when its pictures cannot be recorded.</summary>
    public static IDepacketizer? Create(MediaDescription media, TrackOutput output, ChunkPool pool) => media.Encoding switch
    {
        "H264" => new H264Depacketizer(WithParameterSets(media, output, "h264"), output, pool),
        "H265" or "HEVC" => new H265Depacketizer(WithParameterSets(media, output, "hevc"), output, pool, HasOrderNumbers(media)),
        "JPEG" => new JpegDepacketizer(Describe(media, output, "mjpeg"), output, pool),
        "MP4V-ES" => new Mpeg4Depacketizer(Describe(media, output, "mpeg4") with { Extradata = Configuration(media) }, output, pool),
        _ => null,
    };

    private static MediaTrack WithParameterSets(MediaDescription media, TrackOutput output, string codec)
    {
        var sets = SpropParameterSets.Read(codec, media.Parameters);
        var known = new ParameterSets(codec);
        known.Observe(sets);
        var track = Describe(media, output, codec) with { Extradata = sets };
        return known.Format is { } format ? track with { Width = format.Width, Height = format.Height } : track;
    }

    private static bool HasOrderNumbers(MediaDescription media) =>
        media.Parameters.TryGetValue("sprop-max-don-diff", out var text) && int.TryParse(text.Trim(), out var difference) && difference > 0;

    private static byte[] Configuration(MediaDescription media)
    {
        var text = media.Parameters.GetValueOrDefault("config", "").Trim();
        return text.Length % 2 == 0 && text.Length <= 4096 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : [];
    }

    private static MediaTrack Describe(MediaDescription media, TrackOutput output, string codec) => new()
    {
        Index = output.Index,
        Kind = MediaKind.Video,
        Codec = codec,
        ClockRate = media.ClockRate,
        Width = media.Width,
        Height = media.Height,
    };
}
