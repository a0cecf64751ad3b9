using OrleansRecorder.Cameras;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>D01 to D14: more ways in which cameras talk.</summary>
internal static class MoreSignallingCases
{
    private const double Seconds = 10;

    private static readonly CleanRecording Short = new() { Seconds = Seconds };

    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("D01 options-405", Seconds, stage => Short.Play(stage, stage.AnyCamera().Replies(replies => replies with { OptionsStatus = "405 Method Not Allowed" }))),
        new("D02 options-closes", Seconds, stage => (Short with { Connections = 2 }).Play(stage, stage.AnyCamera().Replies(replies => replies with { OptionsStatus = "" }))),
        new("D03 closes-at-401", Seconds, stage => (Short with { Connections = 2 }).Play(stage, stage.AnyCamera().Login(login => login with { ClosesAfterChallenge = true }))),
        new("D04 one-header", Seconds, stage => Short.Play(stage, stage.AnyCamera().Login(login => login with
        {
            InOneHeader = true,
            Offers = [CameraAuthentication.Basic, CameraAuthentication.Digest, CameraAuthentication.DigestSha256],
        }))),
        new("D05 basic", Seconds, stage => Short.Play(stage, stage.AnyCamera().Login(login => login with { Offers = [CameraAuthentication.Basic] }))),
        new("D06 other-host", Seconds, stage => Short.Play(stage, stage.AnyCamera().Replies(replies => replies with { ContentBase = ContentBaseStyle.OtherHost }))),
        new("D07 no-base", Seconds, stage => Short.Play(stage, stage.AnyCamera().Replies(replies => replies with { ContentBase = ContentBaseStyle.Absent, OmitsRtpInfo = true }))),
        new("D08 path-base", Seconds, stage => Short.Play(stage, stage.AnyCamera().Replies(replies => replies with { ContentBase = ContentBaseStyle.PathOnly, TrailsBlanks = true }))),
        new("D09 own-channels", Seconds, stage => Short.Play(stage, stage.AnyCamera()
            .Transport(transport => transport with { FirstChannel = 5, NamesOneChannel = true, NamesOtherSource = true }))),
        new("D10 keepalive-454", 25, stage => (Short with { Seconds = 25 }).Play(stage, stage.AnyCamera()
            .Session(session => session with { KeepAliveStatus = "454 Session Not Found", Timeout = TimeSpan.FromSeconds(15), Teardown = TeardownStyle.Reset }))),
        new("D11 wants-reports", 16, stage => (Short with { Seconds = 16 }).Play(stage, stage.AnyCamera()
            .Session(session => session with { NeedsReportsEvery = TimeSpan.FromSeconds(6), Teardown = TeardownStyle.Ignored }))),
        new("D12 rtsps", Seconds, stage => (Short with { IsSecure = true }).Play(stage, stage.AnyCamera().Login(login => login))),
        new("D13 delimiters", Seconds, stage => Short.Play(stage, stage.AnyCamera()
            .Packets(packets => packets with { HasDelimiters = true, HasHeaderExtension = true, Marker = MarkerStyle.Always }))),
        new("D14 udp-repeats", Seconds, stage => (Short with { Connections = 2 }).Play(stage, stage.AnyCamera(AudioCodec.G711)
            .Transport(transport => transport with { RefusesTcp = true, RepeatsDatagrams = true, OmitsServerPorts = true }))),
    ];
}
