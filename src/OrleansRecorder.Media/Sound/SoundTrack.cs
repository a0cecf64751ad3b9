using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Threads;

namespace OrleansRecorder.Media.Sound;

/// <summary>
/// The sound of one connection: when each packet belongs, and how it gets into a file: AAC and Opus as they are, everything else through the encoder. For one
/// thread at a time.
/// </summary>
internal sealed class SoundTrack
{
    private readonly MediaTrack _track;
    private readonly TrackClock _clock;
    private readonly SoundSync _sync = new();
    private readonly SoundEncoding? _encoding;
    private AudioTimes? _times;
    private bool _mustAlign;

    public SoundTrack(MediaTrack track, WorkThreads encoders, IEncodedSoundSink sink)
    {
        _track = track;
        _clock = new TrackClock(track.ClockRate, track.IsPaced) { MayReorder = false };
        if (track.Codec == "opus") return;
        if (track.Codec == "aac" && AudioSpecificConfig.FrameSize(track.Extradata.Span, track.SampleRate) is { } frameSize)
        {
            Use(new AudioFormat(track.SampleRate, Math.Max(1, track.Channels), frameSize, track.Extradata.ToArray()));
        }
        else
        {
            _encoding = new SoundEncoding(track, encoders, sink);
        }
    }

    /// <summary>What goes into the file; null while that is not known.</summary>
    public AudioFormat? Format { get; private set; }

    /// <summary>Whether the sound is encoded anew.</summary>
    public bool IsEncoded => _encoding is not null;

    /// <summary>A picture lies at this moment, and was captured at this time of the sender's.</summary>
    public void OnPicture(TimeSpan captured, TimeSpan moment, TimeSpan arrival) => _sync.OnPicture(captured, moment, arrival);

    /// <summary>The picture's times are useless: it lies where it arrives.</summary>
    public void OnUselessPictureTimes() => _mustAlign |= _sync.TurnOff();

    /// <summary>Takes a packet. Its position in samples since the connection began when it goes into the file as it is; null when it is dropped, or encoded first.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="arrival">When it came, since the connection began.</param>
    /// <param name="firstMoment">See <see cref="TrackClock.Map"/>.</param>
    /// <param name="isLeftOut">The encoder is too far behind to take it.</param>
    public long? Take(in MediaPacket packet, TimeSpan arrival, TimeSpan? firstMoment, out bool isLeftOut)
    {
        isLeftOut = false;
        var moment = _clock.Map(packet.Pts ?? packet.Dts, arrival, firstMoment);
        var mustAlign = _mustAlign | (packet.Captured is { } captured && _sync.OnSound(captured, moment, arrival));
        _mustAlign = false;
        if (_clock.UsesArrival && _sync.TurnOff())
        {
            // The clock has yet to make good what it lost.
            moment = arrival;
            mustAlign = true;
        }

        moment += _sync.Shift;
        if (_encoding is not null)
        {
            Format ??= AacTranscoder.FormatOf(_track);
            isLeftOut = !_encoding.Take(packet.Data, moment, mustAlign);
            return null;
        }

        if (SamplesOf(packet.Data) is not { } count) return null;
        if (mustAlign) _times!.Align();
        return _times!.Place((long)(moment.TotalSeconds * Format!.SampleRate), count);
    }

    /// <summary>Blocks while the encoder is behind, at most for so long without a step of it. For sources that can be held up.</summary>
    public void WaitForRoom(TimeSpan patience) => _encoding?.WaitForRoom(patience);

    /// <summary>Complete when everything has come out of the encoder.</summary>
    public Task End() => _encoding?.End() ?? Task.CompletedTask;

    private int? SamplesOf(ReadOnlySpan<byte> packet)
    {
        if (_track.Codec != "opus") return Format!.FrameSize;
        if (OpusPacket.Samples(packet) is not { } samples) return null;
        if (Format is null) Use(new AudioFormat(OpusPacket.Clock, Math.Max(1, _track.Channels), samples, _track.Extradata.ToArray()) { Codec = "opus" });
        return samples;
    }

    private void Use(AudioFormat format)
    {
        Format = format;
        _times = new AudioTimes(format.SampleRate);
    }
}
