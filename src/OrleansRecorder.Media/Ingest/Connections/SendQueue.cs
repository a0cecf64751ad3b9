namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>What a server has not taken yet: requests and receiver reports, so it is empty nearly always.</summary>
internal sealed class SendQueue
{
    private const int Most = 256 << 10;
    private byte[] _kept = [];
    private int _from;
    private int _to;

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => _from == _to;

    /// <summary>What waits.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(_from, _to - _from);

    /// <summary>Adds to it; false when it would become too much: a server that takes nothing is gone.</summary>
    public bool TryKeep(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) return true;
        if (_to - _from + data.Length > Most) return false;
        if (_to + data.Length > _kept.Length)
        {
            var grown = new byte[Math.Max(1024, 2 * (_to - _from + data.Length))];
            Kept.CopyTo(grown);
            (_kept, _from, _to) = (grown, 0, _to - _from);
        }

        data.CopyTo(_kept.AsSpan(_to));
        _to += data.Length;
        return true;
    }

    /// <summary>Takes bytes that were sent from its front.</summary>
    public void Remove(int count)
    {
        _from += count;
        if (_from == _to) _from = _to = 0;
    }
}
