using System.Text;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Tests.Support;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class RtspReaderTests
{
    private const string Ok = "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n";

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void A_reply_has_headers_in_any_case_and_a_body(string end)
    {
        var text = $"RTSP/1.0 200 OK{end}cseq :  7 {end}Content-length: 3{end}X-Folded: a{end} b{end}  Session:  12;timeout=5{end}{end}abc";
        var reader = new RtspReader();
        ReadOnlySpan<byte> data = Encoding.Latin1.GetBytes(text);

        Assert.Equal(RtspItem.Message, reader.Next(ref data, out _));
        var reply = reader.Message;
        Assert.Equal((200, 7L, "a b", "12;timeout=5", "abc"), (reply.Status, reply.SequenceNumber, reply.Header("x-folded"), reply.Header("SESSION"), Encoding.Latin1.GetString(reply.Body)));
        Assert.Equal(RtspItem.None, reader.Next(ref data, out _));
    }

    [Theory]
    [InlineData("Content-Length: -5")]
    [InlineData("Content-Length: abc")]
    [InlineData("Content-Length:")]
    [InlineData("X: y")]
    public void Without_a_length_there_is_no_body(string header) => Assert.Equal(["200", "200"], Read($"RTSP/1.0 200 OK\r\n{header}\r\n\r\n" + Ok));

    [Fact]
    public void Replies_requests_and_packets_come_in_one_stream()
    {
        var text = Ok + Interleaved.Frame(0, Interleaved.Rtp("one")) + "OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n" + Interleaved.Frame(1, Interleaved.Rtcp(200)) + "\r\n" + Ok + Interleaved.Frame(0, Interleaved.Rtp("two"));

        Assert.Equal(["200", "0 one", "OPTIONS", "1", "200", "0 two"], Read(text));
    }

    [Fact] // S34
    public void Packets_on_channels_of_nobody_are_packets_too() =>
        Assert.Equal(["200", "9 meta", "0 one"], Read(Ok + Interleaved.Frame(9, Interleaved.Rtp("meta")) + Interleaved.Frame(0, Interleaved.Rtp("one"))));

    [Fact]
    public void A_single_length_that_lies_costs_one_packet()
    {
        var lying = "$\0\0\x05" + Interleaved.Rtp("swallowed");
        var text = Ok + Interleaved.Frame(0, Interleaved.Rtp("one")) + lying + Interleaved.Frame(0, Interleaved.Rtp("two")) + Interleaved.Frame(0, Interleaved.Rtp("three"));

        Assert.Equal(["200", "0 one", "0 two", "0 three"], Read(text));
    }

    [Fact]
    public void What_a_length_too_long_swallowed_is_found()
    {
        var lying = "$\0\0\x40" + Interleaved.Rtp("12");
        var text = Ok + lying + string.Concat(Enumerable.Range(0, 9).Select(i => Interleaved.Frame(0, Interleaved.Rtp(i.ToString(System.Globalization.CultureInfo.InvariantCulture)))));

        Assert.Equal(["200", .. Enumerable.Range(0, 9).Select(i => $"0 {i}")], Read(text));
    }

    [Fact] // S19
    public void A_stray_body_is_passed_over() =>
        Assert.Equal(["401", "200"], Read("RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n<html><body>Really not</body></html>" + Ok));

    [Fact]
    public void Noise_is_searched_for_256_kB_and_no_further()
    {
        var noise = new string('x', RtspReader.MaxNoise - 100);

        Assert.Equal(["200", "200"], Read(Ok + noise + Ok));
        Assert.Equal(["200", "FramingLost"], Read(Ok + noise + new string('x', 200) + Ok));
    }

    [Fact]
    public void Random_noise_is_no_packets()
    {
        var random = new Random(7);
        var noise = string.Concat(Enumerable.Range(0, 400_000).Select(_ => (char)random.Next(256)));

        Assert.Equal("FramingLost", Read(Ok + "?" + noise)[^1]);
    }

    [Fact]
    public void Noise_that_looks_like_single_packets_is_still_noise()
    {
        var lookalike = "$\0\0\x10\x80" + new string('x', 10_000);

        Assert.Equal(["200", "FramingLost"], Read(Ok + "?" + string.Concat(Enumerable.Repeat(lookalike, 30))));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "NotRtsp")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "NotRtsp")]
    [InlineData("\0\0\0", "NotRtsp")]
    [InlineData("$\0\0\x01\x00", "NotRtsp")]
    [InlineData("RTSP/1.0 abc OK\r\n", "NotRtsp")]
    [InlineData("RTSP/1.0 0\r\n", "NotRtsp")]
    [InlineData("RTSP/1.0 99999999999 OK\r\n", "NotRtsp")]
    [InlineData("RTSP/1.0\r\n", "NotRtsp")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: 1048577\r\n\r\n", "TooLong")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", "TooLong")]
    public void What_is_no_RTSP_is_told_at_once(string text, string fault) => Assert.Equal([fault], Read(text, takesFrames: false));

    [Fact]
    public void Lines_heads_and_bodies_are_bounded()
    {
        var longest = new string('a', RtspReader.MaxLine - 10);
        Assert.Equal(["200"], Read($"RTSP/1.0 200 OK\r\nX: {longest}\r\n\r\n"));
        Assert.Equal(["TooLong"], Read($"RTSP/1.0 200 OK\r\nX: {longest}aaaaaaaaaaaaaaaaaaaa\r\n\r\n"));
        Assert.Equal(["TooLong"], Read("RTSP/1.0 200 OK\r\nX: " + new string('a', RtspReader.MaxLine + 1)));
        Assert.Equal(["200"], Read("RTSP/1.0 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", RtspReader.MaxLines - 2)) + "\r\n"));
        Assert.Equal(["TooLong"], Read("RTSP/1.0 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", RtspReader.MaxLines)) + "\r\n"));
        Assert.Equal(["TooLong"], Read("RTSP/1.0 200 OK\r\n" + string.Concat(Enumerable.Repeat($"X: {longest[..8000]}\r\n", 9)) + "\r\n"));
        Assert.Equal(["200"], Read($"RTSP/1.0 200 OK\r\nContent-Length: {RtspReader.MaxBody}\r\n\r\n" + new string('b', RtspReader.MaxBody)));
    }

    // Bytes of one packet after another, without the text's detour.
    [Fact]
    public void Packets_cost_no_memory()
    {
        var reader = new RtspReader { TakesFrames = true };
        reader.Expect(0);
        ReadOnlySpan<byte> hello = Encoding.Latin1.GetBytes(Ok);
        reader.Next(ref hello, out _);
        var packet = Encoding.Latin1.GetBytes(Interleaved.Frame(0, Interleaved.Rtp(new string('p', 1000))));
        byte[] stream = [.. Enumerable.Repeat(packet, 100).SelectMany(bytes => bytes)];

        var total = 0;
        var allocated = Allocations.Of(() =>
        {
            total = 0;
            for (var i = 0; i < 100; i++)
            {
                ReadOnlySpan<byte> data = stream;
                while (reader.Next(ref data, out var frame) == RtspItem.Frame) total += frame.Length;
            }
        });

        Assert.Equal((0L, 10_120_000), (allocated, total));
    }

    private static List<string> Read(string text, bool takesFrames = true)
    {
        var reader = new RtspReader { TakesFrames = takesFrames };
        reader.Expect(0);
        reader.Expect(1);
        ReadOnlySpan<byte> data = Encoding.Latin1.GetBytes(text);
        var items = new List<string>();
        while (true)
        {
            switch (reader.Next(ref data, out var frame))
            {
                case RtspItem.None:
                    return items;
                case RtspItem.Broken:
                    items.Add(reader.Fault.ToString());
                    return items;
                case RtspItem.Message:
                    items.Add(reader.Message.Status == 0 ? reader.Message.Method : reader.Message.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                default:
                    items.Add($"{reader.Channel} {Encoding.Latin1.GetString(frame.Length > 12 ? frame[12..] : default)}".TrimEnd());
                    break;
            }
        }
    }
}
