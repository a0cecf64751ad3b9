using OrleansRecorder.Cameras;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>A01 to A14 and A20: how cameras talk.</summary>
internal static class SignallingCases
{
    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("A01 plain", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera())),

        new("A02 hik-101", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera(AudioCodec.G711)
            .Login(login => login with { Offers = [CameraAuthentication.Digest, CameraAuthentication.Basic] })
            .Description(text => text with
            {
                HasAbsoluteControls = true,
                TrackNames = ["trackID=1", "trackID=2"],
                TrackQuery = "?transportmode=unicast&profile=Profile_1",
                ExtraMedia = ["m=application 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000", "a=control:trackID=3?transportmode=unicast&profile=Profile_1", "a=recvonly"],
            })
            .Session(session => session with { Header = "      {0};timeout={1}" }))),

        new("A03 dahua-onvif", 20, stage => new CleanRecording { Rest = "/realmonitor?channel=1&subtype=1&proto=Onvif" }.Play(stage, stage.AnyCamera()
            .Login(login => login with { Offers = [CameraAuthentication.DigestWithoutQop] })
            .Replies(replies => replies with { ContentBase = ContentBaseStyle.WithQuery })
            .Description(text => text with
            {
                TrackNames = ["trackID=0", "trackID=1"],
                ExtraMedia =
                [
                    "m=audio 0 RTP/AVP 0 8 14 26 97 98 99 100 101 102 103 104 105 106 107 108 109 110 111 112", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
                    "a=rtpmap:97 PCMU/16000", "a=rtpmap:98 PCMA/16000", "a=rtpmap:99 G726-16/8000", "a=rtpmap:100 MPEG4-GENERIC/8000", "a=control:trackID=5", "a=sendonly",
                ],
            }))),

        new("A04 uniview-sdp", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera()
            .Description(text => text with
            {
                Origin = "- 1001 1 IN ",
                Connection = "IN",
                VideoPayloadType = 105,
                AudioPayloadType = 106,
                ExtraMedia = ["m=application 0 RTP/AVP 50", "a=control:trackID=7", "m=video 0 RTP/AVP 50", "a=control:trackID=8"],
            }))),

        new("A05 tplink-sdp", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera(AudioCodec.G711)
            .Replies(replies => replies with { OmitsContentType = true })
            .Description(text => text with { ExtraMedia = ["m=application/TP-LINK 0 RTP/AVP smart/1/90000", "a=rtpmap:95 TP-LINK/90000", "a=control:track3"] }))),

        new("A06 sv3c", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera()
            .Replies(replies => replies with { ContentBase = ContentBaseStyle.WithoutScheme, LowersNames = true, EndsLinesWithLf = true }))),

        new("A07 inband-late", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera() with
        {
            KeyFrameInterval = 10,
            Fault = new CameraFault(CameraFaultKind.LateKeyFrame, 2.4),
            Quirks = stage.AnyCamera().Description(text => text with { OmitsParameterSets = true }).Quirks,
        })),

        new("A08 sha256", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera().Login(login => login with { Offers = [CameraAuthentication.DigestSha256] }))),

        new("A09 stale-nonce", 45, stage => new CleanRecording { Seconds = 45 }.Play(stage, stage.AnyCamera()
            .Login(login => login with { RenewsNonceAt = ["PLAY", "keep-alive"] })
            .Session(session => session with { Timeout = TimeSpan.FromSeconds(30) }))),

        new("A10 short-session", 45, stage => new CleanRecording { Seconds = 45 }.Play(stage, stage.AnyCamera()
            .Session(session => session with { Timeout = TimeSpan.FromSeconds(10), NeedsGetParameter = true, IsStrict = true, SaysTimeoutOnce = true }))),

        new("A11 mute-keepalive", 90, stage => new CleanRecording { Seconds = 90 }.Play(stage, stage.AnyCamera().Session(session => session with { IgnoresKeepAlive = true }))),

        new("A12 udp-only", 20, stage => new CleanRecording { Connections = 2 }.Play(stage, stage.AnyCamera()
            .Transport(transport => transport with { RefusesTcp = true, ReordersDatagrams = true }))),

        new("A13 early-rtp", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera()
            .Transport(transport => transport with { EarlyMedia = TimeSpan.FromMilliseconds(300), JunkChannel = 9 }))),

        new("A14 silent-audio", 20, stage => new CleanRecording { HasSound = false }.Play(stage, stage.AnyCamera(AudioCodec.G711) with
        {
            Fault = new CameraFault(CameraFaultKind.SilentAudio),
        })),

        new("A20 redirect", 20, async stage =>
        {
            var target = await stage.Add(stage.AnyCamera().Login(login => login));
            var entry = await stage.Add(stage.AnyCamera().Login(login => login).Replies(replies => replies with { RedirectsTo = target.Camera.Address }));
            await new CleanRecording().Play(stage, target, entry.Camera.Url);
        }),
    ];
}
