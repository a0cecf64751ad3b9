namespace OrleansRecorder.Media.Recordings;

/// <summary>What a file must say about its sound.</summary>
/// <param name="SampleRate">Hertz; 48000 for Opus.</param>
/// <param name="Channels">1 or more.</param>
/// <param name="FrameSize">Samples of one frame.</param>
/// <param name="Extradata">The AudioSpecificConfig (ISO 14496-3, 1.6.2.1); for Opus the OpusHead (RFC 7845, 5.1), which may be missing.</param>
internal sealed record AudioFormat(int SampleRate, int Channels, int FrameSize, byte[] Extradata)
{
    /// <summary>FFmpeg's short name: <c>aac</c>, or <c>opus</c>.</summary>
    public string Codec { get; init; } = "aac";
}
