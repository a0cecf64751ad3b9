using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using OrleansRecorder.Media.Native.Handles;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Native;

/// <summary>
/// libavformat's MP4 muxer, writing fragments straight into a stream. One packet of each track is held back, so that each has the duration
/// up to the next. Used by one thread at a time.
/// </summary>
internal sealed unsafe class Mp4Muxer : IDisposable
{
    private readonly MuxerHandle _muxer;
    private readonly PacketHandle?[] _held;
    private readonly long[] _lastStep;
    private readonly PacketHandle _spare = new();
    private bool _hasHeader;

    /// <summary>Prepares a file with these tracks. Nothing is written before <see cref="Flush"/>.</summary>
    /// <exception cref="FFmpegException">MP4 cannot hold one of them.</exception>
    public Mp4Muxer(Stream output, VideoFormat video, AudioFormat? audio)
    {
        _muxer = new MuxerHandle(output);
        _held = new PacketHandle?[audio is null ? 1 : 2];
        _lastStep = [VideoClock / 25, 1024];
        try
        {
            AddVideo(video);
            if (audio is not null) AddAudio(audio);
            WriteHeader();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Units a second of the video's times.</summary>
    public const int VideoClock = 90000;

    private AVFormatContext* Context => _muxer.Pointer;

    /// <summary>Takes a picture; its decoding time must be later than that of the one before.</summary>
    public void WriteVideo(ReadOnlySpan<byte> data, long presentation, long decode, bool isKey) => Write(0, data, presentation, decode, isKey);

    /// <summary>Takes a frame of audio at a time in samples, later than the one before.</summary>
    public void WriteAudio(ReadOnlySpan<byte> data, long sample) => Write(1, data, sample, sample, isKey: true);

    /// <summary>Ends the fragment and hands it to the stream.</summary>
    public void Flush()
    {
        // With a delayed header the first cut writes only that.
        for (var cuts = _hasHeader ? 1 : 2; cuts > 0; cuts--) Check(ffmpeg.av_write_frame(Context, null));
        _hasHeader = true;
        ffmpeg.avio_flush(Context->pb);
        Check(0);
    }

    /// <summary>Writes what is held back, and the index.</summary>
    /// <param name="end">Where the last picture ends, in units of <see cref="VideoClock"/>; null to repeat the last step.</param>
    public void Finish(long? end)
    {
        for (var track = 0; track < _held.Length; track++)
        {
            if (_held[track] is not { } packet) continue;
            var until = track == 0 && end > packet.Pointer->dts ? end.Value : packet.Pointer->dts + _lastStep[track];
            Emit(track, until);
        }

        Flush();
        Check(ffmpeg.av_write_trailer(Context));
        ffmpeg.avio_flush(Context->pb);
        Check(0);
    }

    public void Dispose()
    {
        foreach (var packet in _held) packet?.Dispose();
        _spare.Dispose();
        _muxer.Dispose();
    }

    private void Write(int track, ReadOnlySpan<byte> data, long presentation, long decode, bool isKey)
    {
        if (_held[track] is not null) Emit(track, decode);
        var packet = _held[track] ??= new PacketHandle();
        packet.Fill(data);
        packet.Pointer->pts = presentation;
        packet.Pointer->dts = decode;
        packet.Pointer->stream_index = track;
        packet.Pointer->flags = isKey ? ffmpeg.AV_PKT_FLAG_KEY : 0;
    }

    private void Emit(int track, long nextDecode)
    {
        var packet = _held[track]!.Pointer;
        _lastStep[track] = Math.Max(1, nextDecode - packet->dts);
        packet->duration = _lastStep[track];
        Check(ffmpeg.av_write_frame(Context, packet));
    }

    private void AddVideo(VideoFormat format)
    {
        var stream = NewStream(format.Codec, AVMediaType.AVMEDIA_TYPE_VIDEO, format.Extradata);
        stream->time_base = new AVRational { num = 1, den = VideoClock };
        stream->codecpar->width = format.Width;
        stream->codecpar->height = format.Height;
        // Apple's players take hvc1 only; FFmpeg would write hev1.
        if (format.Codec == "hevc") stream->codecpar->codec_tag = 'h' | ('v' << 8) | ('c' << 16) | ('1' << 24);
    }

    private void AddAudio(AudioFormat format)
    {
        var stream = NewStream("aac", AVMediaType.AVMEDIA_TYPE_AUDIO, format.Extradata);
        stream->time_base = new AVRational { num = 1, den = format.SampleRate };
        stream->codecpar->sample_rate = format.SampleRate;
        stream->codecpar->frame_size = format.FrameSize;
        ffmpeg.av_channel_layout_default(&stream->codecpar->ch_layout, format.Channels);
    }

    private AVStream* NewStream(string codec, AVMediaType kind, byte[] extradata)
    {
        var stream = (AVStream*)Checked.Allocated(ffmpeg.avformat_new_stream(Context, null));
        stream->codecpar->codec_type = kind;
        stream->codecpar->codec_id = CodecNames.Find(codec);
        if (extradata.Length > 0)
        {
            stream->codecpar->extradata = (byte*)Checked.Allocated(ffmpeg.av_mallocz((ulong)extradata.Length + 64));
            stream->codecpar->extradata_size = extradata.Length;
            extradata.CopyTo(new Span<byte>(stream->codecpar->extradata, extradata.Length));
        }

        return stream;
    }

    private void WriteHeader()
    {
        var options = new OptionsHandle();
        try
        {
            // The header comes with the first fragment, when the first times are known: so its edit list can begin the picture at zero.
            options["movflags"] = "frag_custom+delay_moov+default_base_moof";
            options["avoid_negative_ts"] = "disabled";
            var dictionary = options.Pointer;
            var code = ffmpeg.avformat_write_header(Context, &dictionary);
            options.Pointer = dictionary;
            Checked.Call(code, "avformat_write_header(");
        }
        finally
        {
            options.Dispose();
        }
    }

    private void Check(int code, [CallerArgumentExpression(nameof(code))] string call = "")
    {
        _muxer.ThrowIfWriteFailed();
        Checked.Call(code, call);
    }
}
