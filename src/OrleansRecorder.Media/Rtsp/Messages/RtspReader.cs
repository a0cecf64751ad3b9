using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>
/// Takes replies, requests and interleaved packets out of one stream of bytes, in whatever pieces it comes, CRLF or LF. Memory is bounded whatever is sent.
/// Allocates nothing for packets.
/// </summary>
internal sealed class RtspReader
{
    /// <summary>Bytes of a line.</summary>
    public const int MaxLine = 16 << 10;

    /// <summary>Bytes of a message without its body.</summary>
    public const int MaxHead = 64 << 10;

    /// <summary>Lines of a message without its body.</summary>
    public const int MaxLines = 200;

    /// <summary>Bytes of a body.</summary>
    public const int MaxBody = 1 << 20;

    /// <summary>Bytes that may be passed over to find the next packet or reply.</summary>
    public const int MaxNoise = 256 << 10;

    private const byte Dollar = (byte)'$';
    private const int FrameHeader = 4;
    private static readonly string[] Beginnings =
        ["RTSP/", "OPTIONS ", "ANNOUNCE ", "REDIRECT ", "TEARDOWN ", "SET_PARAMETER ", "GET_PARAMETER ", "PLAY_NOTIFY ", "DESCRIBE ", "SETUP ", "PLAY ", "PAUSE ", "RECORD "];

    private readonly bool[] _channels = new bool[256];
    private readonly ArrayBufferWriter<byte> _body = new();
    private State _state;
    private RtspMessage? _message;
    private bool _anyMessage;
    private int _searched;
    private int _headBytes;
    private int _headLines;
    private int _bodyLeft;
    private int _noise;

    private enum State
    {
        Between,
        Head,
        Body,
        Lost,
        Broken,
    }

    /// <summary>The message that <see cref="Next"/> found.</summary>
    public RtspMessage Message => _message!;

    /// <summary>The channel of the packet that <see cref="Next"/> found.</summary>
    public byte Channel { get; private set; }

    /// <summary>Why nothing more can be read.</summary>
    public RtspFault Fault { get; private set; }

    /// <summary>From now on packets may come: a track is being set up.</summary>
    public bool TakesFrames { get; set; }

    /// <summary>Media flows that no reply is to end: a first line that makes no sense is passed over like noise, up to <see cref="MaxNoise"/>.</summary>
    public bool PassesNonsense { get; set; }

    /// <summary>Bytes passed over because they were neither packet nor message.</summary>
    public long Skipped { get; private set; }

    /// <summary>Packets on this channel are expected.</summary>
    public void Expect(byte channel) => _channels[channel] = true;

    /// <summary>Finds what comes next, and moves the data to behind it.</summary>
    public RtspItem Next(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        while (true)
        {
            switch (_state)
            {
                case State.Between:
                    if (data.IsEmpty) return RtspItem.None;
                    if (data[0] == Dollar && TakesFrames)
                    {
                        if (TryReadFrame(ref data, out frame)) return RtspItem.Frame;
                        if (_state == State.Lost) continue;
                        return RtspItem.None;
                    }

                    Begin(ref data);
                    break;
                case State.Head:
                    if (!TryReadLine(ref data, out var line)) return _state == State.Broken ? RtspItem.Broken : RtspItem.None;
                    if (TakeLine(line)) return RtspItem.Message;
                    break;
                case State.Body:
                    return TakeBody(ref data) ? RtspItem.Message : RtspItem.None;
                case State.Lost:
                    if (!TryFindWay(ref data)) return _state == State.Broken ? RtspItem.Broken : RtspItem.None;
                    break;
                default:
                    data = default;
                    return RtspItem.Broken;
            }
        }
    }

    private bool TryReadFrame(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (data.Length < FrameHeader) return false;
        var end = FrameHeader + BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (data.Length < end) return false;
        // Most packets are as long as the one before: there the one after the next begins.
        Prefetch.Read(ref MemoryMarshal.GetReference(data), 2 * end);
        if (!MayFollow(data[end..]))
        {
            // Its length lies: what it swallowed is looked through for the packets that are in there.
            Lose(ref data, 1);
            return false;
        }

        Channel = data[1];
        frame = data[FrameHeader..end];
        data = data[end..];
        return true;
    }

    // What is not there yet may still turn out right.
    private bool MayFollow(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[0] is (byte)'\r' or (byte)'\n') return true;
        if (data[0] != Dollar) return MayBegin(data);
        return data.Length <= FrameHeader || _channels[data[1]] || HasRtpVersion(data);
    }

    private static bool HasRtpVersion(ReadOnlySpan<byte> data) => data[FrameHeader] >> 6 == 2;

    private static bool MayBegin(ReadOnlySpan<byte> data)
    {
        foreach (var beginning in Beginnings)
        {
            if (IsBeginning(data, beginning)) return true;
        }

        return false;
    }

    private static bool IsBeginning(ReadOnlySpan<byte> data, string text)
    {
        var length = Math.Min(data.Length, text.Length);
        for (var i = 0; i < length; i++)
        {
            var c = data[i] is >= (byte)'a' and <= (byte)'z' ? data[i] - 32 : data[i];
            if (c != text[i]) return false;
        }

        return true;
    }

    private void Begin(ref ReadOnlySpan<byte> data)
    {
        if (data[0] is (byte)'\r' or (byte)'\n')
        {
            data = data[1..];
        }
        else if (MayBegin(data))
        {
            _state = State.Head;
            _message = null;
            _headBytes = _headLines = _searched = 0;
        }
        else if (!_anyMessage)
        {
            Break(RtspFault.NotRtsp);
        }
        else
        {
            Lose(ref data, 0);
        }
    }

    private bool TryReadLine(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> line)
    {
        line = default;
        var at = data[_searched..].IndexOf((byte)'\n');
        var length = at < 0 ? data.Length : _searched + at;
        if (length > MaxLine)
        {
            Break(RtspFault.TooLong);
            return false;
        }

        _searched = at < 0 ? length : 0;
        if (at < 0) return false;
        line = data[..length].TrimEnd("\r \t"u8);
        data = data[(length + 1)..];
        _headBytes += length + 1;
        if (_headBytes <= MaxHead && ++_headLines <= MaxLines) return true;
        Break(RtspFault.TooLong);
        return false;
    }

    private bool TakeLine(ReadOnlySpan<byte> bytes)
    {
        var line = WireText.FromWire(bytes);
        if (_message is null)
        {
            _message = FirstLine(line);
            if (_message is null && PassesNonsense) (_state, _noise, Skipped) = (State.Lost, bytes.Length, Skipped + bytes.Length);
            else if (_message is null) Break(_anyMessage ? RtspFault.FramingLost : RtspFault.NotRtsp);
            return false;
        }

        if (line.Length > 0)
        {
            _message.AddLine(line);
            return false;
        }

        _anyMessage = true;
        var length = _message.Number("Content-Length") ?? 0;
        if (length > MaxBody)
        {
            Break(RtspFault.TooLong);
            return false;
        }

        _bodyLeft = (int)Math.Max(0, length);
        _state = _bodyLeft > 0 ? State.Body : State.Between;
        return _bodyLeft == 0;
    }

    private static RtspMessage? FirstLine(string line)
    {
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2) return null;
        if (!parts[0].StartsWith("RTSP/", StringComparison.OrdinalIgnoreCase)) return new RtspMessage { Method = parts[0].ToUpperInvariant() };
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599
            ? new RtspMessage { Status = status }
            : null;
    }

    private bool TakeBody(ref ReadOnlySpan<byte> data)
    {
        var piece = data.Length < _bodyLeft ? data : data[.._bodyLeft];
        _body.Write(piece);
        data = data[piece.Length..];
        _bodyLeft -= piece.Length;
        if (_bodyLeft > 0) return false;
        _message!.Body = _body.WrittenSpan.ToArray();
        _body.ResetWrittenCount();
        _state = State.Between;
        return true;
    }

    private void Lose(ref ReadOnlySpan<byte> data, int length)
    {
        _state = State.Lost;
        _noise = 0;
        Skip(ref data, length);
    }

    private void Skip(ref ReadOnlySpan<byte> data, int length)
    {
        data = data[length..];
        _noise += length;
        Skipped += length;
        if (_noise > MaxNoise) Break(RtspFault.FramingLost);
    }

    // In noise every 65,536th byte looks like a packet: it counts only when something follows it.
    private bool TryFindWay(ref ReadOnlySpan<byte> data)
    {
        while (_state == State.Lost && !data.IsEmpty)
        {
            var at = data.IndexOfAny(Dollar, (byte)'R', (byte)'r');
            Skip(ref data, at < 0 ? data.Length : at);
            if (at < 0 || _state == State.Broken) return false;
            switch (IsWay(data))
            {
                case true:
                    _state = State.Between;
                    return true;
                case null:
                    return false;
                default:
                    Skip(ref data, 1);
                    break;
            }
        }

        return false;
    }

    private bool? IsWay(ReadOnlySpan<byte> data)
    {
        if (data[0] != Dollar) return IsReply(data);
        if (!TakesFrames) return false;
        if (data.Length > 1 && !_channels[data[1]]) return false;
        if (data.Length <= FrameHeader) return null;
        if (!HasRtpVersion(data)) return false;
        var end = FrameHeader + BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (data.Length <= end) return null;
        var next = data[end..];
        if (next[0] != Dollar) return IsReply(next);
        return next.Length > 1 ? _channels[next[1]] : null;
    }

    private static bool? IsReply(ReadOnlySpan<byte> data)
    {
        const string Reply = "RTSP/1.";
        if (!IsBeginning(data, Reply)) return false;
        return data.Length >= Reply.Length ? true : null;
    }

    private void Break(RtspFault fault)
    {
        _state = State.Broken;
        Fault = fault;
    }
}
