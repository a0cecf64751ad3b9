using System.Buffers;
using System.Text;
using FFmpeg.AutoGen;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Native.Handles;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Sources;

/// <summary>One connection through libavformat, on the thread that calls <see cref="Run"/>.</summary>
internal sealed unsafe class LibavformatSession(SourceRequest request, PhaseWatch watch, IMediaSink sink, CancellationToken stop)
{
    // A camera loses packets on TCP too. A short queue lets late ones fall into place, and makes FFmpeg say when one is missing for good.
    private const string ReorderQueue = "16";

    // AVFMT_FLAG_NOPARSE and AVFMT_FLAG_NOFILLIN
    private const int AsReceived = 0x20 | 0x10;
    private readonly FFmpegLogScope _log = new(request.Url);
    private readonly ArrayBufferWriter<byte> _annexB = new();
    private int _videoIndex = -1;
    private int _audioIndex = -1;
    private int _videoLengthSize;
    private PictureAssembler? _assembler;
    private int _lossesSeen;

    private bool IsRtsp => request.Url.Scheme is "rtsp" or "rtsps";

    /// <summary>Connects, delivers, and says why it ended.</summary>
    public SourceEnd Run()
    {
        FFmpegLog.Scope = _log;
        try
        {
            using var input = new DemuxerHandle(watch.MustEnd);
            var end = Connect(input) ?? Deliver(input);
            watch.OnClosing();
            return end;
        }
        finally
        {
            FFmpegLog.Scope = null;
        }
    }

    private SourceEnd? Connect(DemuxerHandle input)
    {
        var options = new OptionsHandle();
        try
        {
            if (IsRtsp)
            {
                options["rtsp_transport"] = "udp+tcp";
                options["rtsp_flags"] = "prefer_tcp";
                options["reorder_queue_size"] = ReorderQueue;
                options["user_agent"] = "OrleansRecorder";
            }
            else if (request.Url.Scheme is "http" or "https")
            {
                options["protocol_whitelist"] = "http,https,tcp,tls,crypto,data,httpproxy";
            }

            var code = input.Open(Address(), ref options);
            if (code < 0) return Ended(SourceDiagnosis.OfConnecting(code, request.Url, _log.Replies));
        }
        finally
        {
            options.Dispose();
        }

        if (NeedsProbe(input.Pointer)) _ = ffmpeg.avformat_find_stream_info(input.Pointer, null);
        if (watch.MustEnd()) return Ended(new Diagnosis(CaptureCause.Disconnected, 0, null));
        _log.IsSignalling = false;
        return Announce(input.Pointer);
    }

    private SourceEnd? Announce(AVFormatContext* context)
    {
        var tracks = Tracks(context, out var hasUnknownVideo);
        if (_videoIndex < 0) return Ended(new Diagnosis(hasUnknownVideo ? CaptureCause.UnsupportedCodec : CaptureCause.NoMedia, 0, null)) with { NeedsFewTries = true };
        var video = tracks.First(track => track.Kind == MediaKind.Video);
        if (IsRtsp && video.Codec is "h264" or "hevc")
        {
            // FFmpeg's parser loses the first time, and takes parameter sets between two slices for the end of a picture.
            context->flags |= AsReceived;
            _assembler = new PictureAssembler(video.Codec);
        }

        watch.OnConnected();
        sink.OnTracks(tracks);
        return null;
    }

    private List<MediaTrack> Tracks(AVFormatContext* context, out bool hasUnknownVideo)
    {
        hasUnknownVideo = false;
        var tracks = new List<MediaTrack>();
        for (var i = 0; i < (int)context->nb_streams; i++)
        {
            var stream = context->streams[i];
            var codec = stream->codecpar;
            var isVideo = codec->codec_type == AVMediaType.AVMEDIA_TYPE_VIDEO;
            var isUnknown = codec->codec_id == AVCodecID.AV_CODEC_ID_NONE;
            hasUnknownVideo |= isVideo && isUnknown;
            if (isVideo && !isUnknown && _videoIndex < 0)
            {
                _videoIndex = i;
            }
            else if (codec->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO && !isUnknown && codec->sample_rate > 0 && _audioIndex < 0)
            {
                _audioIndex = i;
            }
            else
            {
                stream->discard = AVDiscard.AVDISCARD_ALL;
                continue;
            }

            tracks.Add(Track(stream, isVideo));
        }

        return tracks;
    }

    private MediaTrack Track(AVStream* stream, bool isVideo)
    {
        var codec = stream->codecpar;
        var name = ffmpeg.avcodec_get_name(codec->codec_id);
        var extradata = new ReadOnlySpan<byte>(codec->extradata, codec->extradata_size).ToArray();
        if (isVideo && LengthPrefixed.TryReadConfiguration(name, extradata, out var lengthSize, out var parameterSets))
        {
            _videoLengthSize = lengthSize;
            extradata = parameterSets;
        }

        return new MediaTrack
        {
            Index = stream->index,
            Kind = isVideo ? MediaKind.Video : MediaKind.Audio,
            Codec = name,
            ClockRate = Math.Max(1, stream->time_base.den / Math.Max(1, stream->time_base.num)),
            Width = codec->width,
            Height = codec->height,
            SampleRate = isVideo ? 0 : codec->sample_rate,
            Channels = isVideo ? 0 : Math.Max(1, codec->ch_layout.nb_channels),
            Extradata = extradata,
            IsPaced = IsRtsp || request.Url.Scheme.StartsWith("rtmp", StringComparison.Ordinal),
        };
    }

    private SourceEnd Deliver(DemuxerHandle input)
    {
        using var packet = new PacketHandle();
        while (true)
        {
            var code = ffmpeg.av_read_frame(input.Pointer, packet.Pointer);
            if (watch.MustEnd()) return Ended(default);
            if (code == ffmpeg.AVERROR(ffmpeg.EAGAIN))
            {
                stop.WaitHandle.WaitOne(5);
                continue;
            }

            if (code < 0) return Broken(input.Pointer, code);
            var wanted = OnPacket(packet.Pointer);
            ffmpeg.av_packet_unref(packet.Pointer);
            if (!wanted) return new SourceEnd(CaptureCause.DurationReached, LocalizedText.Empty);
        }
    }

    private bool OnPacket(AVPacket* packet)
    {
        var index = packet->stream_index;
        if ((index != _videoIndex && index != _audioIndex) || packet->size <= 0) return true;
        var data = new ReadOnlySpan<byte>(packet->data, packet->size);
        var isKey = (packet->flags & ffmpeg.AV_PKT_FLAG_KEY) != 0;
        if (index != _videoIndex) return sink.OnPacket(new MediaPacket { Track = index, Pts = Time(packet->pts), Dts = Time(packet->dts), IsKey = isKey, Data = data });
        if (_assembler is not null) return OnPieceOfPicture(_assembler, data, Time(packet->pts));
        if (_videoLengthSize > 0)
        {
            _annexB.ResetWrittenCount();
            LengthPrefixed.ToAnnexB(data, _videoLengthSize, _annexB);
            data = _annexB.WrittenSpan;
        }

        watch.OnPicture(isKey);
        return sink.OnPacket(new MediaPacket { Track = index, Pts = Time(packet->pts), Dts = Time(packet->dts), IsKey = isKey, Data = data });
    }

    private bool OnPieceOfPicture(PictureAssembler assembler, ReadOnlySpan<byte> data, long? pts)
    {
        // FFmpeg says so while it reads the packet after the hole.
        if (_log.LossCount != _lossesSeen)
        {
            _lossesSeen = _log.LossCount;
            assembler.OnLoss();
        }

        watch.OnPicture(isKey: false);
        if (!assembler.Add(data, pts)) return true;
        watch.OnPicture(assembler.IsKey);
        return sink.OnPacket(new MediaPacket { Track = _videoIndex, Pts = assembler.Pts, IsKey = assembler.IsKey, Data = assembler.Data });
    }

    private SourceEnd Broken(AVFormatContext* context, int code)
    {
        var isBounded = !IsRtsp || context->duration > 0;
        if (code == ffmpeg.AVERROR_EOF && isBounded && watch.HasMedia) return new SourceEnd(CaptureCause.DurationReached, LocalizedText.Empty);
        return Ended(new Diagnosis(SourceDiagnosis.OfStreaming(code), 0, null));
    }

    private SourceEnd Ended(Diagnosis diagnosis)
    {
        if (stop.IsCancellationRequested) diagnosis = new Diagnosis(CaptureCause.Stopped, 0, null);
        else if (watch.Expired is { } expired) diagnosis = new Diagnosis(expired, 0, null);
        return new SourceEnd(diagnosis.Cause, SourceMessages.For(diagnosis, request));
    }

    // FFmpeg ends the credentials at the first '/', which passwords hold: they go to it percent-encoded.
    private string Address()
    {
        var url = request.Url;
        if (url.Scheme == "file") return "file:" + url.PathAndQuery;
        var address = new StringBuilder(url.Scheme).Append("://");
        if (url.User is not null) address.Append(Uri.EscapeDataString(url.User)).Append(':').Append(Uri.EscapeDataString(url.Password ?? "")).Append('@');
        address.Append(url.Host);
        if (url.Port is { } port) address.Append(':').Append(port);
        return address.Append(url.PathAndQuery).ToString();
    }

    // RTSP describes its tracks, and probing waits for each of them to send: a silent microphone would hold up the picture.
    private bool NeedsProbe(AVFormatContext* context)
    {
        if (!IsRtsp) return true;
        context->max_analyze_duration = ffmpeg.AV_TIME_BASE;
        for (var i = 0; i < (int)context->nb_streams; i++)
        {
            var codec = context->streams[i]->codecpar;
            if (codec->codec_type == AVMediaType.AVMEDIA_TYPE_VIDEO && codec->width == 0
                && codec->codec_id is not (AVCodecID.AV_CODEC_ID_NONE or AVCodecID.AV_CODEC_ID_H264 or AVCodecID.AV_CODEC_ID_HEVC))
            {
                return true;
            }
        }

        return false;
    }

    // AV_NOPTS_VALUE is the smallest number there is.
    private static long? Time(long time) => time == long.MinValue ? null : time;
}
