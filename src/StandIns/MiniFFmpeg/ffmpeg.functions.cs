using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

#pragma warning disable CS1591 // FFmpeg documents its functions

public static unsafe partial class ffmpeg
{
    private const string AvFormat = "avformat";
    private const string AvCodec = "avcodec";
    private const string AvUtil = "avutil";
    private const string SwResample = "swresample";

    [LibraryImport(AvFormat)]
    public static partial uint avformat_version();

    [LibraryImport(AvFormat)]
    public static partial int avformat_network_init();

    [LibraryImport(AvFormat)]
    public static partial AVFormatContext* avformat_alloc_context();

    [LibraryImport(AvFormat, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int avformat_open_input(AVFormatContext** ps, string url, AVInputFormat* fmt, AVDictionary** options);

    [LibraryImport(AvFormat)]
    public static partial int avformat_find_stream_info(AVFormatContext* ic, AVDictionary** options);

    [LibraryImport(AvFormat)]
    public static partial int av_read_frame(AVFormatContext* s, AVPacket* pkt);

    [LibraryImport(AvFormat)]
    public static partial void avformat_close_input(AVFormatContext** s);

    [LibraryImport(AvFormat)]
    public static partial void avformat_free_context(AVFormatContext* s);

    [LibraryImport(AvFormat, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int avformat_alloc_output_context2(AVFormatContext** ctx, AVOutputFormat* oformat, string? format_name, string? filename);

    [LibraryImport(AvFormat)]
    public static partial AVStream* avformat_new_stream(AVFormatContext* s, AVCodec* c);

    [LibraryImport(AvCodec)]
    public static partial AVPacket* av_packet_alloc();

    [LibraryImport(AvCodec)]
    public static partial void av_packet_free(AVPacket** pkt);

    [LibraryImport(AvCodec)]
    public static partial void av_packet_unref(AVPacket* pkt);

    [LibraryImport(AvCodec)]
    public static partial int av_new_packet(AVPacket* pkt, int size);

    [LibraryImport(AvCodec)]
    public static partial AVCodec* avcodec_find_decoder(AVCodecID id);

    [LibraryImport(AvCodec)]
    public static partial AVCodec* avcodec_find_encoder(AVCodecID id);

    [LibraryImport(AvCodec)]
    public static partial AVCodecContext* avcodec_alloc_context3(AVCodec* codec);

    [LibraryImport(AvCodec)]
    public static partial void avcodec_free_context(AVCodecContext** avctx);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_open2(AVCodecContext* avctx, AVCodec* codec, AVDictionary** options);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_send_packet(AVCodecContext* avctx, AVPacket* avpkt);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_receive_frame(AVCodecContext* avctx, AVFrame* frame);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_send_frame(AVCodecContext* avctx, AVFrame* frame);

    [LibraryImport(AvCodec)]
    public static partial int avcodec_receive_packet(AVCodecContext* avctx, AVPacket* avpkt);

    public static string avcodec_get_name(AVCodecID id) => Marshal.PtrToStringUTF8((nint)GetCodecName(id))!;

    [LibraryImport(AvUtil, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int av_dict_set(AVDictionary** pm, string key, string? value, int flags);

    [LibraryImport(AvUtil)]
    public static partial void av_dict_free(AVDictionary** m);

    [LibraryImport(AvUtil)]
    public static partial int av_strerror(int errnum, byte* errbuf, ulong errbuf_size);

    [LibraryImport(AvUtil)]
    public static partial void av_log_set_callback(av_log_set_callback_callback_func callback);

    [LibraryImport(AvUtil)]
    public static partial void av_log_set_level(int level);

    [LibraryImport(AvUtil, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int av_log_format_line2(void* ptr, int level, string fmt, byte* vl, byte* line, int line_size, int* print_prefix);

    [LibraryImport(AvUtil)]
    public static partial AVFrame* av_frame_alloc();

    [LibraryImport(AvUtil)]
    public static partial void av_frame_free(AVFrame** frame);

    [LibraryImport(AvUtil)]
    public static partial void av_frame_unref(AVFrame* frame);

    [LibraryImport(AvUtil)]
    public static partial int av_frame_get_buffer(AVFrame* frame, int align);

    [LibraryImport(AvUtil)]
    public static partial void av_channel_layout_default(AVChannelLayout* ch_layout, int nb_channels);

    [LibraryImport(AvUtil)]
    public static partial int av_channel_layout_copy(AVChannelLayout* dst, AVChannelLayout* src);

    [LibraryImport(AvUtil)]
    public static partial void* av_malloc(ulong size);

    [LibraryImport(AvUtil)]
    public static partial void* av_mallocz(ulong size);

    [LibraryImport(AvUtil)]
    public static partial void av_freep(void* ptr);

    [LibraryImport(AvUtil)]
    public static partial AVAudioFifo* av_audio_fifo_alloc(AVSampleFormat sample_fmt, int channels, int nb_samples);

    [LibraryImport(AvUtil)]
    public static partial int av_audio_fifo_write(AVAudioFifo* af, void** data, int nb_samples);

    [LibraryImport(AvUtil)]
    public static partial int av_audio_fifo_read(AVAudioFifo* af, void** data, int nb_samples);

    [LibraryImport(AvUtil)]
    public static partial int av_audio_fifo_size(AVAudioFifo* af);

    [LibraryImport(AvUtil)]
    public static partial void av_audio_fifo_free(AVAudioFifo* af);

    [LibraryImport(SwResample)]
    public static partial int swr_alloc_set_opts2(SwrContext** ps, AVChannelLayout* out_ch_layout, AVSampleFormat out_sample_fmt, int out_sample_rate,
        AVChannelLayout* in_ch_layout, AVSampleFormat in_sample_fmt, int in_sample_rate, int log_offset, void* log_ctx);

    [LibraryImport(SwResample)]
    public static partial int swr_init(SwrContext* s);

    [LibraryImport(SwResample)]
    public static partial int swr_convert(SwrContext* s, byte** @out, int out_count, byte** @in, int in_count);

    [LibraryImport(SwResample)]
    public static partial void swr_free(SwrContext** s);

    // The name is FFmpeg's own constant: it must not be freed, as a marshalled string would be.
    [LibraryImport(AvCodec, EntryPoint = "avcodec_get_name")]
    private static partial byte* GetCodecName(AVCodecID id);
}
