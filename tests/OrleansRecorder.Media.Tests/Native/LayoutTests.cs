using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using OrleansRecorder.Media.Native;

namespace OrleansRecorder.Media.Tests.Native;

/// <summary>The structures' layouts, against what the installed libraries say of themselves: their options name the fields they set, with offsets.</summary>
public sealed unsafe partial class LayoutTests
{
    public LayoutTests() => FFmpegLibraries.EnsureLoaded();

    [Fact]
    public void A_format_context_is_laid_out_as_the_library_has_it()
    {
        var context = ffmpeg.avformat_alloc_context();
        Assert.Equal(Option(context, "probesize"), Offset<AVFormatContext>(nameof(AVFormatContext.probesize)));
        Assert.Equal(Option(context, "analyzeduration"), Offset<AVFormatContext>(nameof(AVFormatContext.max_analyze_duration)));
        Assert.Equal(Option(context, "max_delay"), Offset<AVFormatContext>(nameof(AVFormatContext.max_delay)));
        Assert.Equal(Option(context, "fflags"), Offset<AVFormatContext>(nameof(AVFormatContext.flags)));
        Assert.Equal(Option(context, "flush_packets"), Offset<AVFormatContext>(nameof(AVFormatContext.flush_packets)));
        ffmpeg.avformat_free_context(context);
    }

    [Fact]
    public void A_codec_context_is_laid_out_as_the_library_has_it()
    {
        var context = ffmpeg.avcodec_alloc_context3(ffmpeg.avcodec_find_encoder(AVCodecID.AV_CODEC_ID_AAC));
        Assert.Equal(Option(context, "b"), Offset<AVCodecContext>(nameof(AVCodecContext.bit_rate)));
        Assert.Equal(Option(context, "flags"), Offset<AVCodecContext>(nameof(AVCodecContext.flags)));
        Assert.Equal(Option(context, "ar"), Offset<AVCodecContext>(nameof(AVCodecContext.sample_rate)));
        Assert.Equal(Option(context, "frame_size"), Offset<AVCodecContext>(nameof(AVCodecContext.frame_size)));
        Assert.Equal(Option(context, "ch_layout"), Offset<AVCodecContext>(nameof(AVCodecContext.ch_layout)));
        Assert.Equal(Option(context, "time_base"), Offset<AVCodecContext>(nameof(AVCodecContext.time_base)));
        ffmpeg.avcodec_free_context(&context);
    }

    [Fact]
    public void A_packet_and_a_stream_hold_what_the_library_put_there()
    {
        var packet = ffmpeg.av_packet_alloc();
        Assert.Equal(0, ffmpeg.av_new_packet(packet, 17));
        Assert.Equal((17, long.MinValue, -1L), (packet->size, packet->pts, packet->pos));
        ffmpeg.av_packet_free(&packet);

        AVFormatContext* muxer;
        Assert.Equal(0, ffmpeg.avformat_alloc_output_context2(&muxer, null, "mp4", null));
        Assert.Equal("mp4", Marshal.PtrToStringUTF8((nint)muxer->oformat->name));
        var stream = ffmpeg.avformat_new_stream(muxer, null);
        stream = ffmpeg.avformat_new_stream(muxer, null);
        Assert.Equal((2u, 1), (muxer->nb_streams, stream->index));
        Assert.Equal((AVMediaType.AVMEDIA_TYPE_UNKNOWN, -1), (stream->codecpar->codec_type, stream->codecpar->format));
        Assert.True(stream == muxer->streams[1]);
        ffmpeg.avformat_free_context(muxer);
    }

    [Fact]
    public void Names_of_codecs_agree_with_their_numbers()
    {
        foreach (var id in Enum.GetValues<AVCodecID>().Where(id => $"{id}".EndsWith("H264", StringComparison.Ordinal) || $"{id}".EndsWith("HEVC", StringComparison.Ordinal)
            || $"{id}".EndsWith("_AAC", StringComparison.Ordinal) || $"{id}".EndsWith("LAW", StringComparison.Ordinal) || $"{id}".EndsWith("G726LE", StringComparison.Ordinal)))
        {
            Assert.Equal($"{id}"["AV_CODEC_ID_".Length..].ToLowerInvariant(), ffmpeg.avcodec_get_name(id));
        }
    }

    [Fact]
    public void The_version_is_the_one_that_the_layouts_are_of() => Assert.StartsWith("59.", FFmpegLibraries.Version, StringComparison.Ordinal);

    [Fact]
    public void A_missing_library_names_its_package() =>
        Assert.Contains("apt-get install libavformat59", FFmpegLibraries.Missing([("libavformat.so.59", "libavformat59")]), StringComparison.Ordinal);

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);

    // The third field of an AVOption is the offset of what it sets.
    private static int Option(void* context, string name)
    {
        var option = av_opt_find(context, name, null, 0, 0);
        Assert.True(option is not null, name);
        return *(int*)((byte*)option + 16);
    }

    [LibraryImport("libavutil.so.57", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void* av_opt_find(void* obj, string name, string? unit, int flags, int searchFlags);
}
