using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Rtsp.Descriptions;
using OrleansRecorder.Media.Tests.Rtp.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>What FFmpeg sends as RTP comes out as FFmpeg put it in.</summary>
public sealed class ReferenceSenderTests
{
    private const string Pictures = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=1 -pix_fmt yuv420p";
    private const string Sound = "-f lavfi -i sine=frequency=1000:sample_rate=16000:duration=1";

    [Theory]
    [InlineData("h264", "-c:v libx264 -preset ultrafast -g 10 -bf 2 -x264-params slices=3", "h264")]
    [InlineData("hevc", "-c:v libx265 -preset ultrafast -g 10 -x265-params log-level=none:open-gop=0", "hevc")]
    [InlineData("mjpeg", "-c:v mjpeg -huffman default -pix_fmt yuvj420p", "mjpeg")]
    [InlineData("mjpeg", "-c:v mjpeg -huffman default -pix_fmt yuvj422p", "mjpeg")]
    [InlineData("mpeg4", "-c:v mpeg4 -g 10 -bf 0", "m4v")]
    public async Task Pictures_decode_to_the_same(string codec, string encoder, string format)
    {
        using var folder = new TemporaryFolder();
        await FFmpeg($"{Pictures} {encoder} {folder["sent.mkv"]}");
        using var track = await Send(folder, "");
        Assert.Equal(codec, track.Track.Description.Codec);
        Assert.Equal(25, track.Sink.Pictures.Count);

        await File.WriteAllBytesAsync(folder["received"], Elementary(track, codec));
        var sent = await Hashes($"-i {folder["sent.mkv"]}");
        Assert.Equal(25, sent.Count);
        Assert.Equal(sent, await Hashes($"-f {format} -i {folder["received"]}"));
    }

    [Theory]
    [InlineData("aac", "-c:a aac", "")]
    [InlineData("aac", "-c:a aac", "-rtpflags latm")]
    [InlineData("opus", "-c:a libopus -ar 48000", "")]
    public async Task Sound_comes_packet_for_packet(string codec, string encoder, string options)
    {
        using var folder = new TemporaryFolder();
        await FFmpeg($"{Sound} {encoder} {folder["sent.mkv"]}");
        using var track = await Send(folder, options);

        Assert.Equal(codec, track.Track.Description.Codec);
        Assert.Equal(await Hashes($"-i {folder["sent.mkv"]}", "-c copy"), track.Sink.Sounds.Select(sound => Convert.ToHexStringLower(MD5.HashData(sound.Data))));
    }

    [Theory]
    [InlineData("pcm_alaw", "-c:a pcm_alaw -ar 8000", "alaw")]
    [InlineData("pcm_mulaw", "-c:a pcm_mulaw -ar 8000", "mulaw")]
    [InlineData("adpcm_g726", "-c:a g726 -ar 8000 -b:a 32k", "g726")]
    [InlineData("adpcm_g726le", "-c:a g726le -ar 8000 -b:a 32k", "g726le")]
    public async Task Samples_come_byte_for_byte(string codec, string encoder, string format)
    {
        using var folder = new TemporaryFolder();
        await FFmpeg($"{Sound} {encoder} -f {format} {folder["sent"]}");
        using var track = await Send(folder, "", $"{Sound} {encoder}");

        Assert.Equal(codec, track.Track.Description.Codec);
        Assert.Equal(await File.ReadAllBytesAsync(folder["sent"]), track.Sink.Sounds.SelectMany(sound => sound.Data));
    }

    // The sockets' buffers hold what the reader has not taken yet; FFmpeg is slowed down to what a small machine reads.
    private static async Task<TestTrack> Send(TemporaryFolder folder, string options, string? input = null)
    {
        using var rtp = Bind();
        using var rtcp = Bind();
        using var ended = new CancellationTokenSource();
        var received = Receive(rtp, ended.Token);
        input ??= $"-readrate 4 -i {folder["sent.mkv"]} -c copy";
        await FFmpeg($"{input} {options} -sdp_file {folder["sdp"]} -f rtp rtp://127.0.0.1:{Port(rtp)}?rtcpport={Port(rtcp)}&pkt_size=1200");
        await ended.CancelAsync();
        var description = SessionDescriptionReader.Read(await File.ReadAllBytesAsync(folder["sdp"]));
        var track = new TestTrack(description.Media[0].First);
        foreach (var packet in await received) track.Send(packet);
        track.Track.Flush();
        Assert.Equal(0, track.Sink.Lost);
        return track;
    }

    private static async Task<List<byte[]>> Receive(Socket socket, CancellationToken ended)
    {
        var packets = new List<byte[]>();
        var buffer = new byte[1 << 16];
        try
        {
            while (true) packets.Add(buffer[..await socket.ReceiveAsync(buffer, ended)]);
        }
        catch (OperationCanceledException)
        {
            while (socket.Available > 0) packets.Add(buffer[..socket.Receive(buffer)]);
            return packets;
        }
    }

    private static byte[] Elementary(TestTrack track, string codec)
    {
        var data = new MemoryStream();
        data.Write(track.Track.Description.Extradata.Span);
        foreach (var picture in track.Sink.Pictures)
        {
            if (codec is not ("h264" or "hevc")) data.Write(picture.Data);
            else foreach (var unit in picture.Units) data.Write([0, 0, 0, 1, .. unit]);
        }

        return data.ToArray();
    }

    private static async Task<List<string>> Hashes(string input, string output = "")
    {
        var text = await FFmpeg($"{input} {output} -fps_mode passthrough -f framemd5 -");
        return [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[(line.LastIndexOf(',') + 1)..].Trim())];
    }

    private static async Task<string> FFmpeg(string arguments)
    {
        var output = await Shell.Run("ffmpeg", ["-v", "error", "-nostdin", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        return output.ExitCode == 0 ? output.Text : throw new InvalidOperationException($"ffmpeg {arguments}: {output.Errors}");
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
