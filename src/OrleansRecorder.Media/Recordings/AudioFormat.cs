namespace OrleansRecorder.Media.Recordings;

/// <summary>What a file must say about its sound.</summary>
/// <param name="SampleRate">Hertz; also the units of its times. 48000 for Opus.</param>
/// <param name="Channels">1 or more.</param>
/// <param name="FrameSize">Samples of one frame; for Opus those of the first.</param>
/// <param name="Extradata">AAC: the AudioSpecificConfig (ISO 14496-3, 1.6.2.1). Opus: the identification header (RFC 7845, 5.1), or empty.</param>
/// <param name="Codec"><c>aac</c> or <c>opus</c>.</param>
internal sealed record AudioFormat(int SampleRate, int Channels, int FrameSize, byte[] Extradata, string Codec = "aac");
