using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>
/// One UDP port. Takes datagrams of the server's address, and of another that it announced, whatever their port: servers announce one and send from another, and
/// routers change it.
/// </summary>
internal sealed unsafe partial class UdpPort : IDisposable
{
    /// <summary>Datagrams that one call takes at most.</summary>
    public const int Batch = 16;

    private const int LongestDatagram = 64 << 10;

    // A key frame of 4 Mb/s comes as two hundred datagrams at once, and each occupies more than its bytes in the kernel.
    private const int KernelBuffer = 1 << 20;
    private const int DontWait = 0x40;
    private const int SocketAddressSize = 28;
    private readonly Socket _socket;
    private readonly byte[] _sender;
    private readonly SocketAddress _from;
    private readonly SocketAddress _sentFrom;
    private byte[]? _source;
    private bool _hasSender;

    /// <summary>Binds; throws <see cref="SocketException"/> when the port is taken.</summary>
    /// <param name="local">Address and port, 0 for a free one.</param>
    /// <param name="server">Who may send.</param>
    public UdpPort(IPEndPoint local, IPAddress server)
    {
        _sender = server.GetAddressBytes();
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, ReceiveBufferSize = KernelBuffer };
        _from = new SocketAddress(local.AddressFamily);
        _sentFrom = new SocketAddress(local.AddressFamily);
        try
        {
            _socket.Bind(local);
            Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Its number.</summary>
    public int Port { get; }

    /// <summary>Takes datagrams of this address too: the server said that it sends from there.</summary>
    public void Accept(IPAddress source)
    {
        var address = source.GetAddressBytes();
        if (address.Length == _sender.Length) _source = address;
    }

    /// <summary>
    /// Takes datagrams that have come; their number, <see cref="Batch"/> when there may be more. A <see cref="Datagram"/> of no bytes came from elsewhere.
    /// </summary>
    /// <param name="buffer">At least <see cref="Batch"/> times 64 KiB, pinned.</param>
    /// <param name="datagrams">Where they lie in it: room for <see cref="Batch"/>.</param>
    public int Receive(Span<byte> buffer, Span<Datagram> datagrams) => OperatingSystem.IsLinux() && Environment.Is64BitProcess ? ReceiveTogether(buffer, datagrams) : ReceiveEach(buffer, datagrams);

    /// <summary>Sends a datagram; one that cannot leave is lost, as on any network.</summary>
    public void Send(ReadOnlySpan<byte> data, IPEndPoint to)
    {
        try
        {
            _socket.SendTo(data, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            // The next one tries again.
        }
    }

    /// <summary>Sends a datagram to where the last one came from; before the first to the port beside the one that the neighbour's last came from, if that has one.</summary>
    public void SendBack(ReadOnlySpan<byte> data, UdpPort neighbour)
    {
        if (!_hasSender)
        {
            if (!neighbour._hasSender) return;
            neighbour._sentFrom.Buffer.Span.CopyTo(_from.Buffer.Span);
            var number = _from.Buffer.Span.Slice(2, 2);
            BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(number) + 1));
        }

        try
        {
            _socket.SendTo(data, SocketFlags.None, _hasSender ? _sentFrom : _from);
        }
        catch (SocketException)
        {
            // The next one tries again.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // recvmmsg(2): one call for all that came in a tick.
    private int ReceiveTogether(Span<byte> buffer, Span<Datagram> datagrams)
    {
        var messages = stackalloc MessageHeader[Batch];
        var places = stackalloc Place[Batch];
        var names = stackalloc byte[Batch * SocketAddressSize];
        fixed (byte* start = buffer)
        {
            for (var i = 0; i < Batch; i++)
            {
                places[i] = new Place { Start = start + (i * LongestDatagram), Length = LongestDatagram };
                messages[i] = new MessageHeader { Name = names + (i * SocketAddressSize), NameLength = SocketAddressSize, Places = places + i, PlaceCount = 1 };
            }

            var count = ReceiveMessages(_socket.SafeHandle, messages, Batch, DontWait, null);
            for (var i = 0; i < count; i++)
            {
                var isOurs = IsServer(new ReadOnlySpan<byte>(messages[i].Name, SocketAddressSize));
                datagrams[i] = new Datagram(i * LongestDatagram, isOurs ? (int)messages[i].Length : 0);
            }

            return Math.Max(0, count);
        }
    }

    private int ReceiveEach(Span<byte> buffer, Span<Datagram> datagrams)
    {
        var count = 0;
        while (count < Batch && _socket.Poll(0, SelectMode.SelectRead))
        {
            try
            {
                var length = _socket.ReceiveFrom(buffer.Slice(count * LongestDatagram, LongestDatagram), SocketFlags.None, _from);
                datagrams[count] = new Datagram(count * LongestDatagram, IsServer(_from.Buffer.Span) ? length : 0);
                count++;
            }
            catch (SocketException)
            {
                // A datagram with a bad checksum is announced and then not there.
                break;
            }
        }

        return count;
    }

    // sockaddr_in: family, port, 4 bytes of address; sockaddr_in6: family, port, flow, 16 bytes of address.
    private bool IsServer(ReadOnlySpan<byte> name)
    {
        var address = name.Slice(_sender.Length == 4 ? 4 : 8, _sender.Length);
        if (!address.SequenceEqual(_sender) && (_source is null || !address.SequenceEqual(_source))) return false;
        name[.._sentFrom.Size].CopyTo(_sentFrom.Buffer.Span);
        return _hasSender = true;
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMessages(SafeHandle socket, MessageHeader* messages, uint count, int flags, void* timeout);

    // struct iovec
    private struct Place
    {
        public byte* Start;
        public nuint Length;
    }

    // struct mmsghdr of 64-bit Linux: struct msghdr, which ends with a gap, and the length received.
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Place* Places;
        public nuint PlaceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _gap;
        public uint Length;
    }
}

/// <summary>Where a datagram lies in a buffer.</summary>
internal readonly record struct Datagram(int Offset, int Length);
