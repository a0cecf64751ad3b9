using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Recordings;

/// <summary>The sound of one connection on its way to a file: AAC as it is, everything else through the encoder, in step with the clock.</summary>
internal sealed class AudioPipeline : IDisposable
{
    private readonly AacTranscoder? _transcoder;
    private readonly AudioTimes _times;

    /// <summary>Prepares for a track.</summary>
    /// <exception cref="FFmpegException">Its sound cannot be stored, nor turned into AAC.</exception>
    /// <exception cref="NotSupportedException">FFmpeg does not know its codec.</exception>
    public AudioPipeline(MediaTrack track)
    {
        if (track.Codec == "aac" && AacConfiguration.FrameSize(track.Extradata.Span, track.SampleRate) is { } frameSize)
        {
            Format = new AudioFormat(track.SampleRate, Math.Max(1, track.Channels), frameSize, track.Extradata.ToArray());
        }
        else
        {
            _transcoder = new AacTranscoder(track);
            Format = _transcoder.Format;
        }

        _times = new AudioTimes(Format.SampleRate);
    }

    /// <summary>What comes out.</summary>
    public AudioFormat Format { get; }

    /// <summary>Whether the sound is encoded anew.</summary>
    public bool IsTranscoded => _transcoder is not null;

    /// <summary>Takes a packet whose first sample lies at a moment; delivers AAC frames with their positions in samples.</summary>
    public void Take(ReadOnlySpan<byte> data, TimeSpan moment, AacTranscoder.Output output)
    {
        var claimed = (long)(moment.TotalSeconds * Format.SampleRate);
        if (_transcoder is not null) _transcoder.Convert(data, count => _times.Place(claimed, count), output);
        else if (_times.Place(claimed, Format.FrameSize) is { } position) output(data, position);
    }

    /// <summary>Delivers what waits for more; takes nothing after that.</summary>
    public void Drain(AacTranscoder.Output output) => _transcoder?.Drain(output);

    public void Dispose() => _transcoder?.Dispose();
}
