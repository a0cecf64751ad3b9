using System.Collections.Concurrent;
using System.Globalization;
using FFmpeg.AutoGen;
using OrleansRecorder.Media.Native.Handles;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Native;

/// <summary>Turns sound that MP4 cannot hold (G.711 and so on) into AAC with libavcodec. Used by one thread at a time.</summary>
internal sealed unsafe class AacTranscoder : IDisposable
{
    private const int GlobalHeader = 1 << 22;
    private static readonly int[] Rates = [7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];

    // What the encoder says of itself depends on nothing else.
    private static readonly ConcurrentDictionary<(int Rate, int Channels), AudioFormat> Formats = new();

    private readonly CodecHandle _decoder;
    private readonly CodecHandle _encoder;
    private readonly PacketHandle _packet = new();
    private readonly FrameHandle _decoded = new(ffmpeg.av_frame_alloc());
    private readonly FrameHandle _converted = new(ffmpeg.av_frame_alloc());
    private readonly FrameHandle _frame = new(ffmpeg.av_frame_alloc());
    private readonly AudioFifoHandle _queue;
    private ResamplerHandle? _resampler;
    private int _capacity;
    private long _queueStart;

    /// <summary>Prepares both codecs.</summary>
    /// <exception cref="FFmpegException">One of them will not work with this track.</exception>
    public AacTranscoder(MediaTrack track)
    {
        var (rate, channels) = OutputOf(track);
        _decoder = OpenDecoder(track);
        _encoder = OpenEncoder(rate, channels);
        _queue = new AudioFifoHandle(ffmpeg.av_audio_fifo_alloc(AVSampleFormat.AV_SAMPLE_FMT_FLTP, channels, _encoder.Pointer->frame_size));
        Format = new AudioFormat(rate, channels, _encoder.Pointer->frame_size, new ReadOnlySpan<byte>(_encoder.Pointer->extradata, _encoder.Pointer->extradata_size).ToArray());
        Formats[(rate, channels)] = Format;
    }

    /// <summary>Takes an AAC frame and the position of its first sample.</summary>
    public delegate void Output(ReadOnlySpan<byte> frame, long sample);

    /// <summary>What comes out for a track; null until sound of its rate and channels was encoded in this process, for then nobody need wait for the encoder's word.</summary>
    public static AudioFormat? FormatOf(MediaTrack track) => Formats.GetValueOrDefault(OutputOf(track));

    /// <summary>What comes out.</summary>
    public AudioFormat Format { get; }

    /// <summary>Decodes a packet, and delivers the frames that became complete.</summary>
    /// <param name="data">The packet.</param>
    /// <param name="place">Asked, with the number of samples, where they belong; null drops them.</param>
    /// <param name="output">Takes the frames.</param>
    /// <exception cref="FFmpegException">The encoder failed. Packets that cannot be decoded are left out.</exception>
    public void Convert(ReadOnlySpan<byte> data, Func<int, long?> place, Output output)
    {
        _packet.Fill(data);
        if (ffmpeg.avcodec_send_packet(_decoder.Pointer, _packet.Pointer) < 0) return;
        while (ffmpeg.avcodec_receive_frame(_decoder.Pointer, _decoded.Pointer) >= 0)
        {
            var count = Resample();
            if (count > 0 && place(count) is { } position) Enqueue(count, position);
            ffmpeg.av_frame_unref(_decoded.Pointer);
        }

        while (ffmpeg.av_audio_fifo_size(_queue.Pointer) >= Format.FrameSize) Encode(Format.FrameSize, output);
    }

    /// <summary>Delivers what is left; nothing can be converted after that.</summary>
    public void Drain(Output output)
    {
        if (ffmpeg.av_audio_fifo_size(_queue.Pointer) is var left and > 0) Encode(left, output);
        if (ffmpeg.avcodec_send_frame(_encoder.Pointer, null) >= 0) Receive(output);
    }

    public void Dispose()
    {
        _resampler?.Dispose();
        _queue.Dispose();
        _frame.Dispose();
        _converted.Dispose();
        _decoded.Dispose();
        _packet.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private static (int Rate, int Channels) OutputOf(MediaTrack track) =>
        (Rates.FirstOrDefault(candidate => candidate >= track.SampleRate, 48000), Math.Clamp(track.Channels, 1, 2));

    private static CodecHandle OpenDecoder(MediaTrack track)
    {
        var codec = ffmpeg.avcodec_find_decoder(CodecNames.Find(track.Codec));
        if (codec is null) throw new NotSupportedException($"FFmpeg has no decoder for {track.Codec}");
        var decoder = new CodecHandle(ffmpeg.avcodec_alloc_context3(codec));
        var context = decoder.Pointer;
        context->sample_rate = track.SampleRate;
        ffmpeg.av_channel_layout_default(&context->ch_layout, Math.Max(1, track.Channels));
        if (!track.Extradata.IsEmpty)
        {
            context->extradata = (byte*)Checked.Allocated(ffmpeg.av_mallocz((ulong)track.Extradata.Length + 64));
            context->extradata_size = track.Extradata.Length;
            track.Extradata.Span.CopyTo(new Span<byte>(context->extradata, context->extradata_size));
        }

        var options = new OptionsHandle();
        try
        {
            if (track.BitsPerSample > 0) options["bits_per_coded_sample"] = track.BitsPerSample.ToString(CultureInfo.InvariantCulture);
            var dictionary = options.Pointer;
            var code = ffmpeg.avcodec_open2(context, codec, &dictionary);
            options.Pointer = dictionary;
            Checked.Call(code);
            return decoder;
        }
        finally
        {
            options.Dispose();
        }
    }

    private static CodecHandle OpenEncoder(int rate, int channels)
    {
        var codec = ffmpeg.avcodec_find_encoder(AVCodecID.AV_CODEC_ID_AAC);
        if (codec is null) throw new NotSupportedException("FFmpeg has no AAC encoder");
        var encoder = new CodecHandle(ffmpeg.avcodec_alloc_context3(codec));
        var context = encoder.Pointer;
        context->sample_rate = rate;
        context->sample_fmt = AVSampleFormat.AV_SAMPLE_FMT_FLTP;
        context->time_base = new AVRational { num = 1, den = rate };
        context->bit_rate = Math.Min(rate * 4, 64_000) * channels;
        context->flags |= GlobalHeader;
        ffmpeg.av_channel_layout_default(&context->ch_layout, channels);
        Checked.Call(ffmpeg.avcodec_open2(context, codec, null));
        return encoder;
    }

    private int Resample()
    {
        var input = _decoded.Pointer;
        var output = _converted.Pointer;
        _resampler ??= OpenResampler(input);
        var room = (int)((long)input->nb_samples * Format.SampleRate / Math.Max(1, input->sample_rate)) + 256;
        if (room > _capacity)
        {
            ffmpeg.av_frame_unref(output);
            Describe(output, room);
            Checked.Call(ffmpeg.av_frame_get_buffer(output, 0));
            _capacity = room;
        }

        return Checked.Call(ffmpeg.swr_convert(_resampler.Pointer, output->extended_data, _capacity, input->extended_data, input->nb_samples));
    }

    private ResamplerHandle OpenResampler(AVFrame* input)
    {
        SwrContext* context = null;
        var rate = input->sample_rate > 0 ? input->sample_rate : _decoder.Pointer->sample_rate;
        Checked.Call(ffmpeg.swr_alloc_set_opts2(&context, &_encoder.Pointer->ch_layout, AVSampleFormat.AV_SAMPLE_FMT_FLTP, Format.SampleRate,
            &input->ch_layout, (AVSampleFormat)input->format, rate, 0, null));
        var resampler = new ResamplerHandle(context);
        Checked.Call(ffmpeg.swr_init(resampler.Pointer));
        return resampler;
    }

    // After a gap, what still waits for a whole frame moves up to what comes now: that is a tenth of a second at most.
    private void Enqueue(int count, long position)
    {
        _queueStart = position - ffmpeg.av_audio_fifo_size(_queue.Pointer);
        Checked.Call(ffmpeg.av_audio_fifo_write(_queue.Pointer, (void**)_converted.Pointer->extended_data, count));
    }

    private void Encode(int samples, Output output)
    {
        // The encoder keeps a reference to the samples of the frame before.
        var frame = _frame.Pointer;
        ffmpeg.av_frame_unref(frame);
        Describe(frame, samples);
        Checked.Call(ffmpeg.av_frame_get_buffer(frame, 0));
        Checked.Call(ffmpeg.av_audio_fifo_read(_queue.Pointer, (void**)frame->extended_data, samples));
        frame->pts = _queueStart;
        _queueStart += samples;
        Checked.Call(ffmpeg.avcodec_send_frame(_encoder.Pointer, frame));
        Receive(output);
    }

    private void Receive(Output output)
    {
        while (ffmpeg.avcodec_receive_packet(_encoder.Pointer, _packet.Pointer) >= 0)
        {
            output(new ReadOnlySpan<byte>(_packet.Pointer->data, _packet.Pointer->size), _packet.Pointer->pts);
            ffmpeg.av_packet_unref(_packet.Pointer);
        }
    }

    private void Describe(AVFrame* frame, int samples)
    {
        frame->nb_samples = samples;
        frame->format = (int)AVSampleFormat.AV_SAMPLE_FMT_FLTP;
        frame->sample_rate = _encoder.Pointer->sample_rate;
        Checked.Call(ffmpeg.av_channel_layout_copy(&frame->ch_layout, &_encoder.Pointer->ch_layout));
    }
}
