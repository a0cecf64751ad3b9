using OrleansRecorder.Media.Volumes;

namespace OrleansRecorder.Media.Metrics;

/// <summary>
/// What all captures of an engine have done since its start. Captures add to it when they end a fragment, not for each packet; whoever watches reads the sums.
/// </summary>
internal sealed class MediaCounters : IWriteMeter
{
    private long _bytes;
    private long _pictures;
    private long _lostPackets;
    private long _leftOut;
    private long _leftOutSound;
    private long _written;

    /// <summary>Raised for each write, on its thread, with how long it took.</summary>
    public Action<TimeSpan>? OnWrite { get; set; }

    /// <summary>Bytes of media that came.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Pictures that came.</summary>
    public long Pictures => Interlocked.Read(ref _pictures);

    /// <summary>Packets that never came.</summary>
    public long LostPackets => Interlocked.Read(ref _lostPackets);

    /// <summary>Pictures that came and were not recorded, since the disk was too slow.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    /// <summary>Packets of sound that came and were not recorded, since the disk or the encoder was too slow.</summary>
    public long LeftOutSound => Interlocked.Read(ref _leftOutSound);

    /// <summary>Bytes that are in files.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Adds what a capture has got since it said so last.</summary>
    public void Add(long bytes, long pictures)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _pictures, pictures);
    }

    /// <summary>Packets will not come any more.</summary>
    public void Lost(int packets) => Interlocked.Add(ref _lostPackets, packets);

    /// <summary>A picture was left out.</summary>
    public void LeaveOut() => Interlocked.Increment(ref _leftOut);

    /// <summary>A packet of sound was left out.</summary>
    public void LeaveOutSound() => Interlocked.Increment(ref _leftOutSound);

    /// <inheritdoc/>
    public void Wrote(long bytes, TimeSpan duration)
    {
        Interlocked.Add(ref _written, bytes);
        OnWrite?.Invoke(duration);
    }
}
