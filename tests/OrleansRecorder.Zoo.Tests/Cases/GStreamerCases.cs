using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;
using OrleansRecorder.Zoo.Tests.Checks;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>G01 to G04: the plain cases against a server that we did not write.</summary>
internal static class GStreamerCases
{
    private const double Seconds = 10;

    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("G01 gstreamer-tcp", Seconds, stage => Plays(stage, () => new GStreamerServer(), "")),
        new("G02 gstreamer-udp", Seconds, stage => Plays(stage, () => new UdpServer(), "")),
        new("G03 gstreamer-digest", Seconds, stage => Plays(stage, () => new DigestServer(), "admin:p%40ss%2Fword%231@")),
        new("G04 gstreamer-tls", Seconds, stage => Plays(stage, () => new TlsServer(), "")),
    ];

    private static async Task Plays(ZooStage stage, Func<GStreamerServer> start, string userInfo)
    {
        using var server = start();
        var url = server.Url("/aac", userInfo);
        var order = server is TlsServer ? ZooStage.Order("rtsps" + url[4..], Seconds) with { AcceptsAnyCertificate = true } : ZooStage.Order(url, Seconds);
        var result = await stage.Record(order);
        Assert.True(result.Status == CaptureStatus.Completed, $"{result.Status} {result.Cause}: {result.Message.English}");

        var file = await Recording.Read(Assert.Single(stage.Files));
        FileChecks.IsSound(file);
        FileChecks.IsFolded(file);
        FileChecks.HasNoGap(file, 0.1);
        FileChecks.Lasts(file, Seconds);
        FileChecks.HasPictures(file, (int)(Seconds * 25), patience: 3);
        FileChecks.SoundIsWhole(file);
    }

    /// <summary>Speaks TLS, with a certificate that nobody trusts.</summary>
    private sealed class TlsServer : GStreamerServer
    {
        private readonly TemporaryFolder _folder;

        public TlsServer() : this(new TemporaryFolder())
        {
        }

        // The server has read it when it says where it listens.
        private TlsServer(TemporaryFolder folder) : base("--tls", Certificate(folder["server.pem"])) => _folder = folder;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _folder.Dispose();
        }

        private static string Certificate(string path)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=gstreamer.invalid", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
            return path;
        }
    }
}
