namespace OrleansRecorder.Media.Rtp.Reception;

/// <summary>What a receiver report says of one sender (RFC 3550, A.3 and A.8).</summary>
internal sealed class ReceptionStatistics(int clockRate)
{
    private const int SequenceNumbers = 1 << 16;
    private bool _hasBegun;
    private ushort _highest;
    private uint _cycles;
    private uint _first;
    private long _received;
    private long _expectedBefore;
    private long _receivedBefore;
    private uint _transit;
    private double _jitter;

    /// <summary>The highest sequence number, with how often they went around before it.</summary>
    public uint ExtendedHighest => _cycles + _highest;

    /// <summary>Packets missing since the beginning; less than 0 when duplicates outnumber them. Fits 24 bits.</summary>
    public int CumulativeLost => (int)Math.Clamp(Expected - _received, -0x800000, 0x7FFFFF);

    /// <summary>In units of the media's clock.</summary>
    public uint Jitter => (uint)_jitter;

    private long Expected => _hasBegun ? (long)ExtendedHighest - _first + 1 : 0;

    /// <summary>Another sender, or the same with other numbers: all counts begin anew.</summary>
    public void Restart()
    {
        _hasBegun = false;
        _cycles = 0;
        _received = _expectedBefore = _receivedBefore = 0;
        _jitter = 0;
    }

    /// <summary>Counts a packet as it comes, duplicates and late ones too.</summary>
    public void Count(ushort sequence, uint stamp, TimeSpan arrival)
    {
        _received++;
        var transit = (uint)(long)(arrival.TotalSeconds * clockRate) - stamp;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _first = _highest = sequence;
            _transit = transit;
            return;
        }

        if ((short)(sequence - _highest) > 0)
        {
            if (sequence < _highest) _cycles += SequenceNumbers;
            _highest = sequence;
        }

        var change = Math.Abs((double)(int)(transit - _transit));
        _transit = transit;
        _jitter += (change - _jitter) / 16;
    }

    /// <summary>The share of packets lost since the last call, in 256ths.</summary>
    public byte TakeFractionLost()
    {
        var expected = Expected - _expectedBefore;
        var lost = expected - (_received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = (Expected, _received);
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expected);
    }
}
