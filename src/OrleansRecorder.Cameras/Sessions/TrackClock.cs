using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>Makes a track's RTP timestamps in one session, with the faults that a camera's clock has.</summary>
internal sealed class TrackClock(RtpTrack track, TimestampQuirks quirks, Random random)
{
    private uint _base = (uint)random.NextInt64(1, uint.MaxValue);
    private long _begin;

    /// <summary>Sets the moment from which <see cref="TimestampQuirks.WrapAfter"/> and <see cref="TimestampQuirks.FaultAfter"/> count, on the camera's clock.</summary>
    public void Begin(long due)
    {
        _begin = Units(due);
        if (quirks.WrapAfter is { } wrap) _base = (uint)(-_begin - (long)(wrap.TotalSeconds * track.ClockRate));
    }

    /// <summary>The timestamp of a moment of the camera's clock, without the faults that units have.</summary>
    public uint At(long due) => (uint)(_base + (ulong)Faulty(Units(due)));

    /// <summary>The timestamp of a unit.</summary>
    /// <param name="time">When it is to be seen or heard, in units of the track's clock from the camera's start.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="index">Its place in the clip.</param>
    public uint Of(long time, RtpUnit unit, int index) => quirks.Fault switch
    {
        TimestampFault.Zero => 0,
        // A whole second's worth of frames shows it often, a key frame never: that would be another fault.
        TimestampFault.Duplicates when track.FrameRate is { } rate && index % 7 == 3 && !unit.IsKey => (uint)(_base + (ulong)(time - (track.ClockRate / rate))),
        _ => (uint)(_base + (ulong)Faulty(time)),
    };

    private long Faulty(long time)
    {
        var since = time - _begin;
        var isLater = since >= quirks.FaultAfter.TotalSeconds * track.ClockRate;
        return quirks.Fault switch
        {
            TimestampFault.Milliseconds => time * 1000 / track.ClockRate,
            TimestampFault.JumpsForward when isLater => time + (3600L * track.ClockRate),
            TimestampFault.JumpsBack when isLater => time - (10L * track.ClockRate),
            TimestampFault.Sawtooth => since < 0 ? time : _begin + (since % (2L * track.ClockRate)),
            _ => time
        };
    }

    private long Units(long due) => (due / TimeSpan.TicksPerSecond * track.ClockRate) + (due % TimeSpan.TicksPerSecond * track.ClockRate / TimeSpan.TicksPerSecond);
}
