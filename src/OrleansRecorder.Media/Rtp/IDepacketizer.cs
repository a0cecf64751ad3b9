using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp;

/// <summary>Turns the payloads of one format, in their order, into pictures or sound. Whatever a payload holds, it does not throw.</summary>
internal interface IDepacketizer : IDisposable
{
    /// <summary>What the sink is told of the track.</summary>
    MediaTrack Track { get; }

    /// <inheritdoc cref="IRtpTrack.HasKeyFrame"/>
    bool HasKeyFrame { get; }

    /// <inheritdoc cref="IRtpTrack.HasOtherFormat"/>
    bool HasOtherFormat { get; }

    /// <summary>Takes the next packet. False when the sink wants no more.</summary>
    /// <param name="packet">Valid only during the call.</param>
    /// <param name="time">Its timestamp, unwrapped.</param>
    bool Take(in RtpPacket packet, long time);

    /// <summary>What should have come now is missing: what it damages is left out. False as for <see cref="Take"/>.</summary>
    bool OnLoss();

    /// <summary>Hands on what waits for its end: nothing comes any more. False as for <see cref="Take"/>.</summary>
    bool Flush();
}
