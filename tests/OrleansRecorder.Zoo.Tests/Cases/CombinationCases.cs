using OrleansRecorder.Cameras;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>E01 to E06: cameras that chance puts together from all oddities that do not spoil the stream. Chance is the case's seed.</summary>
internal static class CombinationCases
{
    private const int Count = 6;
    private const double Seconds = 12;

    public static IReadOnlyList<ZooCase> All { get; } = [.. Enumerable.Range(1, Count).Select(n => new ZooCase($"E0{n} chance", Seconds, Play))];

    private static Task Play(ZooStage stage)
    {
        var chance = stage.Random;
        var isUdp = chance.Next(4) == 0;
        var camera = stage.AnyCamera(Any(AudioCodec.Aac, AudioCodec.G711, AudioCodec.G711Mu, AudioCodec.None));
        if (Maybe()) camera = camera with { Codec = VideoCodec.H265 };
        if (Maybe())
        {
            camera = camera.Login(login => login with
            {
                Offers = [.. Shuffled(CameraAuthentication.Basic, CameraAuthentication.Digest, CameraAuthentication.DigestSha256).Take(1 + chance.Next(3))],
                InOneHeader = Maybe(), SaysStale = Maybe(), RenewsNonceAt = Maybe() ? ["SETUP", "PLAY"] : [],
            });
        }

        camera = camera
            .Replies(replies => replies with
            {
                EndsLinesWithLf = Maybe(), LowersNames = Maybe(), TrailsBlanks = Maybe(), OmitsContentType = Maybe(), OmitsRtpInfo = Maybe(),
                ContentBase = Any(Enum.GetValues<ContentBaseStyle>()), OptionsStatus = Any(null, null, "501 Not Implemented", "404 Not Found"),
                HiddenMethods = Maybe() ? ["GET_PARAMETER"] : [],
            })
            .Description(text => text with
            {
                OmitsParameterSets = Maybe(), BeginsWithMedia = Maybe(), Connection = Any(null, "IN"), Origin = Any(null, "- 1 1 IN "),
                ExtraMedia = Any<IReadOnlyList<string>>([], ["m=application 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000", "a=control:meta"]),
            })
            .Transport(transport => transport with
            {
                RefusesTcp = isUdp, ReordersDatagrams = Maybe(), RepeatsDatagrams = Maybe(), NamesOtherSource = Maybe(),
                FirstChannel = Any((int?)null, 4, 7), EarlyMedia = TimeSpan.FromMilliseconds(Any(0, 0, 200)), JunkChannel = Any<byte?>(null, 20),
            })
            .Session(session => session with { IsStrict = Maybe(), Header = Any("{0};timeout={1}", "{0}", "  {0}; timeout={1}"), Teardown = Any(Enum.GetValues<TeardownStyle>()) })
            .Packets(packets => packets with
            {
                Marker = Any(Enum.GetValues<MarkerStyle>()), HasHeaderExtension = Maybe(), HasDelimiters = Maybe(), ChangesSource = Maybe(), SequenceWrapsAfter = Any((int?)null, 500),
            })
            .Timestamps(times => times with
            {
                WrapAfter = Maybe() ? TimeSpan.FromSeconds(3) : null, AgesParameterSets = Maybe(), Reports = Any(ReportStyle.Right, ReportStyle.Absent, ReportStyle.Epoch),
            });
        return new CleanRecording { Seconds = Seconds, Connections = isUdp ? 2 : 1, HasSound = camera.Audio != AudioCodec.None }.Play(stage, camera);

        bool Maybe() => chance.Next(3) == 0;
        T Any<T>(params T[] of) => of[chance.Next(of.Length)];
        T[] Shuffled<T>(params T[] of)
        {
            chance.Shuffle(of);
            return of;
        }
    }
}
