using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansRecorder.Media.Tests.Ingest;

/// <summary>A camera that, once it plays, sends pictures without a key frame as fast as anybody takes them.</summary>
internal sealed class FloodingCamera : IDisposable
{
    private const string Description = "v=0\r\ns=flood\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _flooding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte _payloadType;
    private Socket? _client;
    private long _sent;

    /// <summary>Starts it.</summary>
    /// <param name="payloadType">Of all packets but the first, which has the one described.</param>
    public FloodingCamera(byte payloadType = 96)
    {
        _payloadType = payloadType;
        _listener.Start();
        new Thread(Serve) { IsBackground = true, Name = "flooding camera" }.Start();
    }

    public string Url => $"rtsp://{_listener.LocalEndpoint}/flood";

    public Task Flooding => _flooding.Task;

    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose()
    {
        _listener.Dispose();
        _client?.Dispose();
    }

    private void Serve()
    {
        try
        {
            _client = _listener.AcceptSocket();
            using var reader = new StreamReader(new NetworkStream(_client), Encoding.ASCII);
            while (true)
            {
                var method = reader.ReadLine()!.Split(' ')[0];
                var sequence = "";
                while (reader.ReadLine() is { Length: > 0 } line)
                {
                    if (line.StartsWith("CSeq:", StringComparison.Ordinal)) sequence = line;
                }

                var (headers, body) = method switch
                {
                    "DESCRIBE" => ("Content-Type: application/sdp\r\n", Description),
                    "SETUP" => ("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n", ""),
                    _ => ("", ""),
                };
                _client.Send(Encoding.ASCII.GetBytes($"RTSP/1.0 200 OK\r\n{sequence}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}"));
                if (method == "PLAY") Flood(_client);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or NullReferenceException)
        {
            // The test is over.
        }
    }

    // Non-IDR slices of one packet each: no file begins with them.
    private void Flood(Socket client)
    {
        var packets = new byte[64 * 1416];
        for (uint number = 0; ; number += 64)
        {
            for (var i = 0; i < 64; i++)
            {
                var packet = packets.AsSpan(i * 1416, 1416);
                (packet[0], packet[1], packet[2], packet[3]) = ((byte)'$', 0, 1412 >> 8, 1412 & 0xFF);
                (packet[4], packet[5]) = (0x80, (byte)(0x80 | (number + i == 0 ? 96 : _payloadType)));
                var sequence = (ushort)(number + i);
                (packet[6], packet[7]) = ((byte)(sequence >> 8), (byte)sequence);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet[8..], (number + (uint)i) * 90);
                (packet[16], packet[17]) = (0x41, 0x9A);
            }

            Interlocked.Add(ref _sent, client.Send(packets));
            _flooding.TrySetResult();
        }
    }
}
