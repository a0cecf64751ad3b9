using System.Buffers.Binary;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>How much of a recording that has an end was received, by its RTP timestamps: a server may send faster than time goes.</summary>
internal sealed class PlayedTime(TimeSpan duration, int clockRate)
{
    private const int RtpHeader = 12;
    private const double Enough = 0.98;
    private const double LastPicture = 0.2;
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);
    private uint? _last;
    private long _units;

    /// <summary>Whether as good as all of it came.</summary>
    public bool IsComplete => _units >= ((Enough * duration.TotalSeconds) - LastPicture) * clockRate;

    /// <summary>Counts an RTP packet in.</summary>
    public void Take(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < RtpHeader) return;
        var time = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var step = _last is { } last ? unchecked((int)(time - last)) : 0;
        // B-frames go back and forth: both count, so that the sum is right.
        if (Math.Abs((long)step) < LongestStep.TotalSeconds * clockRate) _units += step;
        _last = time;
    }
}
