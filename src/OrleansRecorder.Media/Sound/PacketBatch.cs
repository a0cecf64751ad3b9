using System.Buffers;

namespace OrleansRecorder.Media.Sound;

/// <summary>Packets of sound that wait for the encoder.</summary>
internal sealed class PacketBatch
{
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly List<(int Length, TimeSpan Moment, bool MustAlign)> _packets = [];

    /// <summary>Takes a packet, with the moment of its first sample.</summary>
    public delegate void Taker(ReadOnlySpan<byte> data, TimeSpan moment, bool mustAlign);

    /// <summary>Bytes in it.</summary>
    public int Length => _data.WrittenCount;

    /// <summary>From the first packet to the last.</summary>
    public TimeSpan Span => _packets.Count == 0 ? TimeSpan.Zero : _packets[^1].Moment - _packets[0].Moment;

    /// <summary>Takes one in.</summary>
    public void Add(ReadOnlySpan<byte> data, TimeSpan moment, bool mustAlign)
    {
        _data.Write(data);
        _packets.Add((data.Length, moment, mustAlign));
    }

    /// <summary>Hands them out in their order, and is empty again, whatever happens to them.</summary>
    public void MoveTo(Taker taker)
    {
        try
        {
            var data = _data.WrittenSpan;
            foreach (var (length, moment, mustAlign) in _packets)
            {
                taker(data[..length], moment, mustAlign);
                data = data[length..];
            }
        }
        finally
        {
            _data.ResetWrittenCount();
            _packets.Clear();
        }
    }
}
