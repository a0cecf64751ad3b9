using FFmpeg.AutoGen;

namespace OrleansRecorder.Media.Native;

/// <summary>FFmpeg's short names of codecs, which are what leaves this folder.</summary>
internal static class CodecNames
{
    private static readonly Lazy<Dictionary<string, AVCodecID>> Ids = new(() =>
    {
        FFmpegLibraries.EnsureLoaded();
        var ids = new Dictionary<string, AVCodecID>();
        foreach (var id in Enum.GetValues<AVCodecID>()) ids.TryAdd(ffmpeg.avcodec_get_name(id), id);
        return ids;
    });

    /// <summary>The codec of a name, or <see cref="AVCodecID.AV_CODEC_ID_NONE"/>.</summary>
    public static AVCodecID Find(string name) => Ids.Value.GetValueOrDefault(name, AVCodecID.AV_CODEC_ID_NONE);
}
