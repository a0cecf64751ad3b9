using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>Whatever pieces the network delivers: the conversation is the same.</summary>
public sealed class PiecesTests
{
    private const string Challenge = "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r, s\", nonce=\"{cseq}\", stale=true\n\n<html>no</html>";
    private static readonly string[] Characters = ["plain", "login", "udp", "mismatch", "redirect", "noise", "early", "requests", "broken", "http", "lf", "long"];

    public static TheoryData<string> Cameras => [.. Characters];

    [Theory]
    [MemberData(nameof(Cameras))]
    public void The_outcome_does_not_depend_on_the_pieces(string character)
    {
        var whole = Tell(character, seed: 0, 1);
        Assert.Equal(whole, Tell(character, seed: 1, largestPiece: 1));
        for (var seed = 1; seed <= 20; seed++)
        {
            Assert.True(whole == Tell(character, seed, largestPiece: 40), $"seed {seed}");
            Assert.True(whole == Tell(character, seed, largestPiece: 2000), $"seed {seed} in large pieces");
        }
    }

    private static string Tell(string character, int seed, int largestPiece)
    {
        var talk = new Talk(Camera(character), "rtsp://u:p@10.0.0.1/live", seed, largestPiece).Run();
        if (talk.Dialogue.IsPlaying)
        {
            for (var i = 0; i < 20; i++) talk.Hear(Interleaved.Frame((byte)(i % 4), Interleaved.Rtp(new string((char)('a' + i), i * 37), sequence: (ushort)i)) + (i % 7 == 3 ? "\r\n" : ""));
            if (character == "noise") talk.Hear(new string('n', 3000) + string.Concat(Enumerable.Range(0, 5).Select(i => Interleaved.Frame(0, Interleaved.Rtp("after " + i)))));
            if (character == "requests") talk.Hear(Interleaved.Frame(0, Interleaved.Rtp("x")) + "OPTIONS * RTSP/1.0\r\nCSeq: 5\r\nContent-Length: 3\r\n\r\n$$$" + Interleaved.Frame(0, Interleaved.Rtp("y")));
            talk.Pass(65, withMedia: true);
            talk.HearClose();
        }

        return string.Join('\n', [.. talk.Requests.Select(request => request.ToString()), .. talk.Packets, $"{talk.Cause} {talk.Dialogue.Outcome?.End.Message} {talk.Targets.Count} {talk.Dialogue.StrayPackets}"]);
    }

    private static ScriptedCamera Camera(string character)
    {
        var camera = new ScriptedCamera();
        switch (character)
        {
            case "login":
                foreach (var method in new[] { "OPTIONS", "DESCRIBE", "PLAY", "GET_PARAMETER" }) camera.On(method, Challenge);
                break;
            case "udp":
                camera.On("SETUP", "461 Unsupported Transport");
                break;
            case "mismatch":
                camera.On("SETUP", "200 OK\nSession: 9\nTransport: RTP/AVP/UDP;unicast");
                break;
            case "redirect":
                camera.On("DESCRIBE", "302 Moved\nLocation: /there", "301 Moved\nLocation: rtsp://10.0.0.1:99/again");
                break;
            case "early":
                camera.On("SETUP", Interleaved.Frame(0, Interleaved.Rtp("too early to be true")) + "RTSP/1.0 200 OK\nSession: 4\nTransport: RTP/AVP/TCP;interleaved=0-1");
                camera.On("PLAY", Interleaved.Frame(0, Interleaved.Rtp("key")) + Interleaved.Frame(3, Interleaved.Rtcp(200)) + "RTSP/1.0 200 OK");
                break;
            case "broken":
                camera.Always("SETUP", "200 OK\nContent-Length: 1048577");
                break;
            case "http":
                camera.Always("DESCRIBE", "HTTP/1.1 200 OK\n\n<html>");
                break;
            case "lf":
                camera.LineEnd = "\n";
                break;
            case "long":
                camera.Sdp = ScriptedCamera.PlainSdp + string.Concat(Enumerable.Repeat("\na=tool:x", 3000));
                break;
        }

        return camera;
    }
}
