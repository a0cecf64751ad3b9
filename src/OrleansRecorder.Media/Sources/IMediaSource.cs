using OrleansRecorder.Captures;
using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Sources;

/// <summary>
/// One connection to one stream, from DNS to its end: the seam between the ways to ingest (libavformat now, our own RTSP client beside it).
/// It pushes, so that a source may be driven by a thread of its own or by one that sweeps many sockets.
/// </summary>
public interface IMediaSource
{
    /// <summary>
    /// Connects and delivers until the stream ends, the sink wants no more, or <paramref name="stop"/> fires; ends within 2 s of the latter.
    /// Keeps its own deadlines for each phase. Never throws for what the network or the server does.
    /// </summary>
    Task<SourceEnd> Run(IMediaSink sink, CancellationToken stop);
}

/// <summary>Why a connection ended, with a sentence for a person. Holds no credentials.</summary>
public sealed record SourceEnd(CaptureCause Cause, LocalizedText Message)
{
    /// <summary>The server's answer was nonsense, or held nothing to record: trying again twice is enough.</summary>
    public bool NeedsFewTries { get; init; } = Cause == CaptureCause.Protocol;
}

/// <summary>What a source delivers to. Called from one thread at a time.</summary>
public interface IMediaSink
{
    /// <summary>PLAY was accepted: these are the tracks. Called once, before the first packet.</summary>
    void OnTracks(IReadOnlyList<MediaTrack> tracks);

    /// <summary>The source offers sound, and none of its tracks has it. Called after <see cref="OnTracks"/>.</summary>
    void OnSoundLeftOut(LeftOutSound sound);

    /// <summary>One access unit or audio frame in one piece. False when the sink wants no more: the source ends with <see cref="CaptureCause.DurationReached"/>.</summary>
    bool OnPacket(in MediaPacket packet);

    /// <summary>
    /// One picture that the source has put together in a buffer: the bytes from its start to the buffer's end. During the call the sink takes it over, and
    /// may later take it out of the buffer under its own lock, or cuts it off again. False as for <see cref="OnPacket"/>.
    /// </summary>
    bool OnPicture(in AssembledPicture picture);

    /// <summary>Packets of a track are missing for good; what they damaged is not delivered.</summary>
    void OnLoss(int track, int packets);

    /// <summary>A parameter set came that is damaged, and was left out: it is longer than any file's header can hold.</summary>
    void OnDamagedSet(int track);
}

/// <summary>Sound that a camera offers and that is not recorded.</summary>
/// <param name="Codec">As its description names it; null when it has no name that a person could read.</param>
/// <param name="Refusal">The status with which the camera refused to send it; 0 when it is we who cannot record it.</param>
public sealed record LeftOutSound(string? Codec, int Refusal = 0);

/// <summary>What is known of a track before its first packet.</summary>
public sealed record MediaTrack
{
    /// <summary>From 0, in the order of the description.</summary>
    public required int Index { get; init; }

    /// <summary>Video or audio.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>FFmpeg's short name: <c>h264</c>, <c>hevc</c>, <c>aac</c>, <c>pcm_alaw</c>…</summary>
    public required string Codec { get; init; }

    /// <summary>Units a second of the packets' times.</summary>
    public required int ClockRate { get; init; }

    /// <summary>Pixels; 0 when not known yet.</summary>
    public int Width { get; init; }

    /// <summary>Pixels; 0 when not known yet.</summary>
    public int Height { get; init; }

    /// <summary>Hertz; 0 for video.</summary>
    public int SampleRate { get; init; }

    /// <summary>0 for video.</summary>
    public int Channels { get; init; }

    /// <summary>Bits of a coded sample, which decoders of G.726 must be told; 0 when it does not matter.</summary>
    public int BitsPerSample { get; init; }

    /// <summary>Parameter sets or decoder configuration, in the form that FFmpeg calls extradata; may be empty.</summary>
    public ReadOnlyMemory<byte> Extradata { get; init; }

    /// <summary>Packets arrive as they are recorded, so that their arrival can correct their times; false for files and playlists, which come in bursts.</summary>
    public bool IsPaced { get; init; } = true;
}

/// <summary>The kind of a track.</summary>
public enum MediaKind
{
    /// <summary>Pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,
}

/// <summary>An access unit or audio frame; its data is valid only during the call.</summary>
public readonly ref struct MediaPacket
{
    /// <summary>The track it belongs to.</summary>
    public required int Track { get; init; }

    /// <summary>Presentation time in the track's clock; null when the source does not know.</summary>
    public long? Pts { get; init; }

    /// <summary>Decoding time in the track's clock; null when the source does not know.</summary>
    public long? Dts { get; init; }

    /// <summary>A picture that can be decoded without earlier ones.</summary>
    public bool IsKey { get; init; }

    /// <summary>When it was captured, on a clock that the sender's tracks share (RTCP sender reports, RFC 3550, 6.4.1); null when that is unknown or not believable.</summary>
    public TimeSpan? Captured { get; init; }

    /// <summary>H.264 and H.265 as Annex B; others as FFmpeg delivers them.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }
}

/// <summary>A picture in a buffer, complete and undamaged.</summary>
public readonly ref struct AssembledPicture
{
    /// <summary>The track it belongs to.</summary>
    public required int Track { get; init; }

    /// <summary>Where it lies. H.264 and H.265: NAL units, each behind its length in 4 bytes, big endian. Others: the frame as the codec has it.</summary>
    public required MediaBuffer Buffer { get; init; }

    /// <summary>Its first byte; it ends at the buffer's end.</summary>
    public required long Start { get; init; }

    /// <summary>Presentation time in the track's clock, unwrapped to 64 bits.</summary>
    public required long Pts { get; init; }

    /// <inheritdoc cref="MediaPacket.Captured"/>
    public TimeSpan? Captured { get; init; }

    /// <summary>How long ago all of it had come: that it was all is often known only when the next one begins.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>IDR (H.264), IRAP (H.265), or a codec in which every picture stands alone.</summary>
    public bool IsKey { get; init; }

    /// <summary>No key, but marked as a point to begin at (recovery point SEI, ITU-T H.264, D.1.8).</summary>
    public bool IsRecoveryPoint { get; init; }

    /// <summary>
    /// The parameter sets before the picture as Annex B, the headers of MPEG-4, or the frame segment of JPEG; empty when it has none. Valid only during the call.
    /// </summary>
    public ReadOnlySpan<byte> ParameterSets { get; init; }

    /// <summary>Bytes.</summary>
    public int Length => (int)(Buffer.End - Start);
}
