using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansRecorder.Cameras.Tests;

/// <summary>A plain RTSP client that shows every byte that a test asks for. Every wait ends after 15 s with an exception.</summary>
internal sealed class RtspTestClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly Queue<Packet> _packets = new();
    private int _from;
    private int _to;
    private int _sequence;

    private RtspTestClient(string url) => Url = url;

    /// <summary>An answer.</summary>
    public sealed record Reply(int Status, string Header, string Body)
    {
        public string? this[string name] => Header.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }

    /// <summary>An interleaved packet and when it came.</summary>
    public sealed record Packet(int Channel, byte[] Bytes, TimeSpan At)
    {
        public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(2));

        public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(4));

        public bool Marker => (Bytes[1] & 0x80) != 0;

        /// <summary>The H.264 type of the unit or fragment inside.</summary>
        public int NalType => (Bytes[12] & 31) is 28 ? Bytes[13] & 31 : Bytes[12] & 31;
    }

    public string Url { get; }

    public string? Session { get; private set; }

    public bool HasUnread => _socket.Available > 0;

    public static Task<RtspTestClient> Connect(Camera camera, int? receiveBuffer = null) => Connect(camera.Address, receiveBuffer);

    public static async Task<RtspTestClient> Connect(string address, int? receiveBuffer = null)
    {
        var client = new RtspTestClient(address);
        if (receiveBuffer is { } size) client._socket.ReceiveBufferSize = size;
        await client._socket.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        return client;
    }

    /// <summary>Connects and plays all tracks, interleaved.</summary>
    public static Task<RtspTestClient> Play(Camera camera, int? receiveBuffer = null) => Play(camera.Address, receiveBuffer);

    /// <inheritdoc cref="Play(Camera, int?)"/>
    public static async Task<RtspTestClient> Play(string address, int? receiveBuffer = null)
    {
        var client = await Connect(address, receiveBuffer);
        await client.SetUp();
        Assert.Equal(200, (await client.Send("PLAY")).Status);
        return client;
    }

    /// <summary>DESCRIBE and SETUP of every track.</summary>
    public async Task<string> SetUp()
    {
        var description = await Send("DESCRIBE");
        Assert.Equal(200, description.Status);
        for (var track = 1; track <= description.Body.Split("\nm=").Length - 1; track++)
        {
            var setUp = await Send("SETUP", $"/track{track}", $"Transport: RTP/AVP/TCP;unicast;interleaved={(2 * track) - 2}-{(2 * track) - 1}");
            Assert.Equal(200, setUp.Status);
        }

        return description.Body;
    }

    public async Task<Reply> Send(string method, string path = "", params string[] headers)
    {
        var session = Session is null ? "" : $"Session: {Session}\r\n";
        await Write($"{method} {Url}{path} RTSP/1.0\r\nCSeq: {++_sequence}\r\n{session}{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");
        var reply = await ReadReply();
        Assert.Equal($"{_sequence}", reply["CSeq"]);
        Session = reply["Session"]?.Split(';')[0] ?? Session;
        return reply;
    }

    public async Task Write(string text) => await Write(Encoding.UTF8.GetBytes(text));

    public async Task Write(byte[] bytes)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _socket.SendAsync(bytes, deadline.Token);
    }

    /// <summary>The next answer; packets before it are kept for <see cref="ReadPacket"/>.</summary>
    public async Task<Reply> ReadReply()
    {
        while (true)
        {
            if (await TryReadInterleaved() is { } packet)
            {
                _packets.Enqueue(packet);
                continue;
            }

            int end;
            while ((end = _buffer.AsSpan(_from.._to).IndexOf("\r\n\r\n"u8)) < 0) await Fill();
            var header = Encoding.UTF8.GetString(_buffer.AsSpan(_from, end));
            _from += end + 4;
            var reply = new Reply(int.Parse(header.Split(' ')[1], null), header, "");
            var length = int.Parse(reply["Content-Length"] ?? "0", null);
            while (_to - _from < length) await Fill();
            _from += length;
            return reply with { Body = Encoding.UTF8.GetString(_buffer.AsSpan(_from - length, length)) };
        }
    }

    /// <summary>The next packet, of any channel.</summary>
    public async Task<Packet> ReadPacket() => _packets.TryDequeue(out var packet) ? packet
        : await TryReadInterleaved() ?? throw new InvalidDataException($"no packet but '{Encoding.UTF8.GetString(_buffer.AsSpan(_from..Math.Min(_to, _from + 40)))}'");

    /// <summary>The packets of the next seconds; ends early when the server closes.</summary>
    public async Task<List<Packet>> ReadFor(double seconds)
    {
        var start = Stopwatch.GetTimestamp();
        return await ReadUntil(_ => Stopwatch.GetElapsedTime(start).TotalSeconds >= seconds);
    }

    /// <summary>Why the last reading ended before its packets were enough; empty when they were.</summary>
    public string EndedEarly { get; private set; } = "";

    /// <summary>The packets until they are enough; ends early when the server closes, or after a minute, and <see cref="EndedEarly"/> says so.</summary>
    public async Task<List<Packet>> ReadUntil(Func<List<Packet>, bool> isEnough)
    {
        List<Packet> packets = [];
        var start = Stopwatch.GetTimestamp();
        EndedEarly = "";
        while (!isEnough(packets))
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
            {
                EndedEarly = $"a minute has passed, with {packets.Count} packets";
                break;
            }

            try
            {
                packets.Add(await ReadPacket());
            }
            catch (Exception e) when (e is EndOfStreamException or SocketException)
            {
                EndedEarly = $"{e.Message} after {packets.Count} packets in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s";
                break;
            }
        }

        return packets;
    }

    /// <summary>Reads on until the server ends the connection, and returns how: null for a clean end.</summary>
    public async Task<SocketError?> ReadToEnd()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (await _socket.ReceiveAsync(_buffer, deadline.Token) > 0)
            {
            }

            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<Packet?> TryReadInterleaved()
    {
        while (_to - _from < 4) await Fill();
        if (_buffer[_from] != '$') return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_from + 2));
        while (_to - _from < 4 + length) await Fill();
        var packet = new Packet(_buffer[_from + 1], _buffer.AsSpan(_from + 4, length).ToArray(), TimeSpan.FromSeconds((double)Stopwatch.GetTimestamp() / Stopwatch.Frequency));
        _from += 4 + length;
        return packet;
    }

    private async Task Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from.._to).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        using var deadline = new CancellationTokenSource(Deadline);
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_to), deadline.Token);
        if (count == 0) throw new EndOfStreamException();
        _to += count;
    }
}
