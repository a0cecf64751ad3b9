using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>
/// Puts the pictures of H.264 and H.265 together where they stay: NAL units come in pieces, and go behind their length into the buffer that files are written
/// from. A picture begins with its first slice, not with a timestamp or a marker, which cameras set as they like; parameter sets and messages between the slices
/// of one picture do not end it. After a loss the picture at hand is cut off again, and nothing comes until one that needs no other.
/// </summary>
internal sealed class PictureBuilder(NalSyntax syntax, TrackOutput output, ChunkPool pool, int clockRate) : IDisposable
{
    private const int MaxPrefix = 256 << 10;
    private const long SearchLimit = 1 << 20;

    // A stream that has no key frames but recovery points (intra refresh): as long as this is waited for a key frame.
    private const int SecondsUntilRecoveryPoint = 3;
    private static readonly byte[] LengthToCome = new byte[4];
    private readonly MediaBuffer _buffer = new(pool);
    private readonly ByteStore _prefix = new();
    private ByteStore _sets = new();
    private ByteStore _pictureSets = new();
    private int _setCount;
    private int _setsOfKeys;

    // The unit that pieces are added to.
    private Stage _stage;
    private byte _first;
    private byte _second;
    private UnitRole _role;
    private Target _target;
    private long _unitStart;
    private int _zeros;
    private bool _hasStartCodes;
    private long _searched;

    // The picture that units are added to.
    private bool _hasPicture;
    private long _pictureStart;
    private TimeSpan _arrival;
    private (long Time, bool IsKey, bool IsRecoveryPoint) _picture;
    private bool _endedByMarker;
    private bool _markersMatter;
    private bool _markersLie;

    // What may be recorded at all.
    private bool _hasBegun;
    private bool _waitsForKey;
    private bool _isAfterLoss;
    private long? _waitsSince;
    private bool _hasRecoveryPoint;
    private bool _dropsLeading;
    private long? _dropsBefore;

    private enum Stage
    {
        /// <summary>No unit is open.</summary>
        Closed,

        /// <summary>A start code inside a piece announced it; its header is in the next one.</summary>
        Expected,

        /// <summary>Its header is known, what it is to the picture not yet.</summary>
        Announced,

        /// <summary>It is being stored, or left out.</summary>
        Placed,
    }

    private enum Target
    {
        Nothing,
        Prefix,
        Picture,
    }

    /// <summary>A unit was begun and not ended.</summary>
    public bool HasOpenUnit => _stage != Stage.Closed;

    /// <summary>Begins a unit, and ends the one before if it was not ended.</summary>
    public void BeginUnit(byte first, byte second)
    {
        EndUnit();
        (_first, _second) = (first, second);
        _role = syntax.RoleOf(first, second);
        _stage = Stage.Announced;
        _zeros = 0;
    }

    /// <summary>Adds what follows a unit's header or its last piece. Start codes in it begin other units.</summary>
    /// <param name="data">A piece; may be empty.</param>
    /// <param name="time">Of the packet.</param>
    public void Write(ReadOnlySpan<byte> data, long time)
    {
        if (_stage == Stage.Closed || data.Length == 0) return;
        if (_stage == Stage.Expected) data = BeginInside(data);
        else if (_zeros > 0 && data[0] <= 1 && FinishesStartCode(data) is var taken and > 0)
        {
            data = BeginInside(data[taken..]);
        }

        while (data.Length > 0 && MayHoldStartCode(data) && data.IndexOf((ReadOnlySpan<byte>)[0, 0, 1]) is var at and >= 0)
        {
            _hasStartCodes = true;
            Put(data[..at], time);
            data = BeginInside(data[(at + 3)..]);
        }

        Put(data, time);
    }

    /// <summary>The unit is whole.</summary>
    public void EndUnit()
    {
        var wasPlaced = _stage == Stage.Placed;
        _stage = Stage.Closed;
        if (!wasPlaced || _target == Target.Nothing) return;
        if (_target == Target.Picture)
        {
            EndUnitOfPicture();
        }
        else
        {
            EndUnitOfPrefix();
        }
    }

    /// <summary>All of a packet was added.</summary>
    public void EndPacket(bool marker)
    {
        if (marker && _hasPicture) _endedByMarker = true;
    }

    /// <summary>What comes next does not follow on what came. The picture is kept if it was complete as far as this camera's markers can be believed.</summary>
    public void OnLoss()
    {
        if (_hasPicture && _endedByMarker && _markersMatter && !_markersLie)
        {
            EndUnit();
            Complete();
        }

        Damage();
        _isAfterLoss = true;
    }

    /// <summary>Something is missing though no packet is: as <see cref="OnLoss"/>, and the picture is lost in any case.</summary>
    public void Damage()
    {
        _stage = Stage.Closed;
        if (_hasPicture) _buffer.Truncate(_pictureStart);
        _hasPicture = false;
        _endedByMarker = false;
        if (!_waitsForKey) _waitsSince = null;
        _waitsForKey = true;
        ForgetPrefix();
    }

    /// <summary>A piece came of a slice that did not begin: whatever picture it is of is damaged.</summary>
    public void OnStrayPiece(byte first, byte second)
    {
        if (_hasBegun && syntax.RoleOf(first, second) >= UnitRole.Slice) Damage();
    }

    /// <summary>
    /// A unit was to be longer than its packet, so that its end and what stood behind it are missing: perhaps a slice. Units before it are good, and so is the
    /// picture that it would have ended.
    /// </summary>
    /// <param name="unit">What there is of it; may be empty.</param>
    /// <param name="time">Of the packet.</param>
    public void OnCutUnit(ReadOnlySpan<byte> unit, long time)
    {
        EndUnit();
        if (unit.Length > syntax.HeaderSize && syntax.RoleOf(unit[0], unit[1]) >= UnitRole.Slice)
        {
            BeginUnit(unit[0], unit[1]);
            Place(unit[syntax.HeaderSize], time);
            // Of the picture at hand, whatever a marker said before.
            _endedByMarker = false;
        }

        OnLoss();
    }

    /// <summary>Nothing follows: the last picture is delivered, unless the end came in its midst.</summary>
    public void Flush()
    {
        if (_hasPicture && !_endedByMarker && (HasOpenUnit || (_markersMatter && !_markersLie)))
        {
            Damage();
            return;
        }

        EndUnit();
        Complete();
    }

    /// <summary>Cuts off what was not delivered; the rest is the sink's.</summary>
    public void Dispose()
    {
        if (_hasPicture) _buffer.Truncate(_pictureStart);
        _hasPicture = false;
        _stage = Stage.Closed;
    }

    // How many bytes belong to a start code that began with the zeros at the end of the piece before.
    private int FinishesStartCode(ReadOnlySpan<byte> data)
    {
        var one = data.IndexOfAnyExcept((byte)0);
        return one >= 0 && data[one] == 1 && _zeros + one >= 2 ? one + 1 : 0;
    }

    private ReadOnlySpan<byte> BeginInside(ReadOnlySpan<byte> unit)
    {
        EndUnit();
        _stage = unit.Length == 0 ? Stage.Expected : Stage.Closed;
        if (unit.Length < syntax.HeaderSize) return [];
        BeginUnit(unit[0], unit.Length > 1 ? unit[1] : (byte)0);
        return unit[syntax.HeaderSize..];
    }

    // Looking at every byte costs as much as copying it, and cameras that send start codes do so from their first key frame on.
    private bool MayHoldStartCode(ReadOnlySpan<byte> data)
    {
        if (_hasStartCodes) return true;
        _searched += data.Length;
        return _searched <= SearchLimit;
    }

    private void Put(ReadOnlySpan<byte> data, long time)
    {
        if (data.Length == 0 || _stage is Stage.Closed or Stage.Expected) return;
        if (_stage == Stage.Announced) Place(data[0], time);
        if (_target == Target.Picture)
        {
            if (_endedByMarker)
            {
                _markersLie = true;
                _endedByMarker = false;
            }

            if (!PictureLimit.Allows(_buffer.End - _pictureStart + data.Length, pool))
            {
                Damage();
                return;
            }

            _buffer.Append(data);
            _arrival = output.Arrival;
        }
        else if (_target == Target.Prefix)
        {
            var isDamaged = _role == UnitRole.ParameterSet && _prefix.Length - _unitStart - LengthToCome.Length + data.Length > ParameterSets.LongestSet;
            if (isDamaged) output.DamagedSet();
            if (isDamaged || _prefix.Length + data.Length > MaxPrefix)
            {
                _prefix.Truncate((int)_unitStart);
                _target = Target.Nothing;
                return;
            }

            _prefix.Append(data);
        }

        var last = data.LastIndexOfAnyExcept((byte)0);
        _zeros = last < 0 ? _zeros + data.Length : data.Length - 1 - last;
    }

    private void Place(byte firstOfPayload, long time)
    {
        _stage = Stage.Placed;
        switch (_role)
        {
            case UnitRole.Unneeded:
                _target = Target.Nothing;
                return;
            case UnitRole.ParameterSet or UnitRole.Message:
                _target = Target.Prefix;
                _unitStart = _prefix.Length;
                _prefix.Append(LengthToCome);
                AppendHeader(_prefix);
                return;
            case UnitRole.Suffix:
                break;
            // first_mb_in_slice is 0, a single bit; first_slice_segment_in_pic_flag is set.
            case not UnitRole.SlicePiece when (firstOfPayload & 0x80) != 0:
                BeginPicture(time);
                break;
            default:
                ForgetPrefix();
                break;
        }

        _target = _hasPicture ? Target.Picture : Target.Nothing;
        if (!_hasPicture) return;
        if (_role == UnitRole.Suffix) _endedByMarker = false;
        _unitStart = _buffer.End;
        _buffer.Append(LengthToCome);
        _buffer.Append(syntax.HeaderSize == 1 ? [_first] : [_first, _second]);
    }

    private void BeginPicture(long time)
    {
        Complete();
        var isRecoveryPoint = _hasRecoveryPoint;
        if (!MayFollow(time, isRecoveryPoint))
        {
            ForgetPrefix();
            return;
        }

        _hasBegun = true;
        _hasPicture = true;
        _pictureStart = _buffer.End;
        _picture = (time, _role is UnitRole.KeySlice or UnitRole.OpenKeySlice, isRecoveryPoint);
        if (_picture.IsKey) _setsOfKeys = _setCount;
        (_pictureSets, _sets) = (_sets, _pictureSets);
        _buffer.Append(_prefix.Data);
        ForgetPrefix();
    }

    private bool MayFollow(long time, bool isRecoveryPoint)
    {
        var isAfterLoss = _isAfterLoss;
        _isAfterLoss = false;
        if (_role is UnitRole.KeySlice or UnitRole.OpenKeySlice)
        {
            // What is missing may have been a parameter set before this very picture.
            if (_waitsForKey && isAfterLoss && _setCount < _setsOfKeys) return false;
            _dropsLeading = _role == UnitRole.OpenKeySlice && (_waitsForKey || !_hasBegun);
            _dropsBefore = null;
            _waitsForKey = false;
            return true;
        }

        if (_waitsForKey)
        {
            _waitsSince ??= time;
            if (!isRecoveryPoint || time - _waitsSince < (long)SecondsUntilRecoveryPoint * clockRate) return false;
            _dropsBefore = time;
            _waitsForKey = false;
            return true;
        }

        return !(_dropsLeading && _role == UnitRole.LeadingSlice) && !(time < _dropsBefore);
    }

    private void Complete()
    {
        if (!_hasPicture) return;
        _hasPicture = false;
        if (_endedByMarker) _markersMatter = true;
        _endedByMarker = false;
        output.Picture(_buffer, _pictureStart, _picture.Time, _picture.IsKey, _picture.IsRecoveryPoint, _pictureSets.Data, _arrival);
    }

    private void EndUnitOfPicture()
    {
        var end = _buffer.End - _zeros;
        if (end <= _unitStart + LengthToCome.Length + syntax.HeaderSize) end = _unitStart;
        if (end != _buffer.End) _buffer.Truncate(end);
        if (end == _unitStart) return;
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, (int)(end - _unitStart - LengthToCome.Length));
        _buffer.Patch(_unitStart, length);
    }

    private void EndUnitOfPrefix()
    {
        var start = (int)_unitStart;
        var end = _prefix.Length - _zeros;
        var unit = end <= start + LengthToCome.Length + syntax.HeaderSize ? [] : _prefix.Data[(start + LengthToCome.Length)..end];
        if (unit.Length == 0)
        {
            _prefix.Truncate(start);
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(_prefix.Data[start..], unit.Length);
        _prefix.Truncate(end);
        if (_role == UnitRole.Message)
        {
            _hasRecoveryPoint |= SeiMessages.HasRecoveryPoint(unit[syntax.HeaderSize..]);
            return;
        }

        // Where samples do not keep the sets the prefix stays short, and only pictures empty this.
        if (_sets.Length + unit.Length > MaxPrefix)
        {
            ForgetPrefix();
            return;
        }

        _sets.Append([0, 0, 0, 1]);
        _sets.Append(unit);
        _setCount++;
        if (!syntax.KeepsParameterSets) _prefix.Truncate(start);
    }

    private void AppendHeader(ByteStore store) => store.Append(syntax.HeaderSize == 1 ? [_first] : [_first, _second]);

    private void ForgetPrefix()
    {
        _prefix.Truncate(0);
        _sets.Truncate(0);
        _setCount = 0;
        _hasRecoveryPoint = false;
    }
}
