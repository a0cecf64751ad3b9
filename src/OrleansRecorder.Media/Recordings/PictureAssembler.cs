using System.Buffers;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Joins what a depacketizer delivers, NAL units and pieces of them, to whole pictures of H.264 or H.265. A picture begins with its first slice, not with a
/// timestamp or a marker, which cameras set as they like; parameter sets between the slices of one picture do not end it.
/// </summary>
internal sealed class PictureAssembler(string codec)
{
    private const int MaxPicture = 16 << 20;
    private const byte RecoveryPoint = 6;
    private readonly int _headerSize = codec == "hevc" ? 2 : 1;
    private ArrayBufferWriter<byte> _current = new();
    private ArrayBufferWriter<byte> _complete = new();
    private readonly ArrayBufferWriter<byte> _prefix = new();
    private Target _target;
    private bool _hasPicture;
    private bool _waitsForKey;
    private bool _hasRecoveryPoint;
    private (long? Pts, bool IsKey) _picture;

    private enum Target
    {
        Nothing,
        Prefix,
        Picture,
    }

    /// <summary>The picture that <see cref="Add"/> reported: its bytes until the next call.</summary>
    public ReadOnlySpan<byte> Data => _complete.WrittenSpan;

    /// <summary>The time that came with its first slice.</summary>
    public long? Pts { get; private set; }

    /// <summary>Whether decoding can begin with it.</summary>
    public bool IsKey { get; private set; }

    /// <summary>Takes what one packet held. True when the picture before it is complete: see <see cref="Data"/>.</summary>
    public bool Add(ReadOnlySpan<byte> packet, long? pts)
    {
        var completed = false;
        var at = StartCode(packet, 0, out var codeLength);
        if (at != 0)
        {
            Append(at < 0 ? packet : packet[..at]);
            if (at < 0) return false;
        }

        while (at >= 0)
        {
            var begin = at + codeLength;
            at = StartCode(packet, begin, out codeLength);
            var unit = at < 0 ? packet[begin..] : packet[begin..at];
            if (unit.Length > _headerSize) completed |= TakeUnit(unit, pts);
        }

        return completed;
    }

    /// <summary>Packets are missing: the picture at hand is damaged, and those that build on it.</summary>
    public void OnLoss()
    {
        _hasPicture = false;
        _waitsForKey = true;
        _target = Target.Nothing;
        _prefix.ResetWrittenCount();
    }

    private bool TakeUnit(ReadOnlySpan<byte> unit, long? pts)
    {
        var kind = NalKinds.Of(codec, unit[0]);
        if (kind is NalKind.Picture or NalKind.RandomAccess)
        {
            if ((unit[_headerSize] & 0x80) != 0) return BeginPicture(unit, kind, pts);
            _target = _hasPicture ? Target.Picture : Target.Nothing;
            _prefix.ResetWrittenCount();
        }
        else
        {
            _target = Target.Prefix;
            _hasRecoveryPoint |= codec == "h264" && (unit[0] & 0x1f) == 6 && unit[1] == RecoveryPoint;
        }

        AppendUnit(unit);
        return false;
    }

    private bool BeginPicture(ReadOnlySpan<byte> unit, NalKind kind, long? pts)
    {
        var completed = Complete();
        var isKey = kind == NalKind.RandomAccess || _hasRecoveryPoint;
        _hasRecoveryPoint = false;
        if (kind == NalKind.RandomAccess) _waitsForKey = false;
        _hasPicture = !_waitsForKey;
        _target = _hasPicture ? Target.Picture : Target.Nothing;
        _picture = (pts, isKey);
        if (_hasPicture) _current.Write(_prefix.WrittenSpan);
        _prefix.ResetWrittenCount();
        AppendUnit(unit);
        return completed;
    }

    private bool Complete()
    {
        if (!_hasPicture)
        {
            _current.ResetWrittenCount();
            return false;
        }

        (_complete, _current) = (_current, _complete);
        _current.ResetWrittenCount();
        (Pts, IsKey) = _picture;
        return true;
    }

    private void AppendUnit(ReadOnlySpan<byte> unit)
    {
        Append([0, 0, 0, 1]);
        Append(unit);
    }

    private void Append(ReadOnlySpan<byte> data)
    {
        if (_target == Target.Nothing) return;
        var buffer = _target == Target.Picture ? _current : _prefix;
        if (buffer.WrittenCount + data.Length > MaxPicture)
        {
            OnLoss();
            return;
        }

        buffer.Write(data);
    }

    private static int StartCode(ReadOnlySpan<byte> data, int from, out int length)
    {
        length = 3;
        var at = data[from..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
        if (at < 0) return -1;
        at += from;
        if (at > from && data[at - 1] == 0)
        {
            length = 4;
            at--;
        }

        return at;
    }
}
