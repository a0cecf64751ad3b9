namespace OrleansRecorder.Media.Recordings;

/// <summary>What a file must say about its sound, which is always AAC.</summary>
/// <param name="SampleRate">Hertz.</param>
/// <param name="Channels">1 or more.</param>
/// <param name="FrameSize">Samples of one frame.</param>
/// <param name="Extradata">The AudioSpecificConfig (ISO 14496-3, 1.6.2.1).</param>
internal sealed record AudioFormat(int SampleRate, int Channels, int FrameSize, byte[] Extradata);
