using OrleansRecorder.Media.Rtsp.Authentication;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class DigestTests
{
    private const string Rfc7616 = """realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS" """;

    [Fact]
    public void Rfc_2617_example() => Assert.Equal(
        """Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41", qop=auth, nc=00000001, cnonce="0a4f113b" """.TrimEnd(),
        Sign("Mufasa", "Circle Of Life", "0a4f113b", """Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41" """, "GET", "/dir/index.html"));

    [Fact]
    public void Rfc_7616_example_with_md5() => Assert.Contains("response=\"8ca523f5e9506fed4657c9700eebdbec\"",
        Sign("Mufasa", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "Digest algorithm=MD5, " + Rfc7616, "GET", "/dir/index.html"), StringComparison.Ordinal);

    [Fact]
    public void Rfc_7616_example_with_sha_256()
    {
        var header = Sign("Mufasa", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "Digest algorithm=SHA-256, " + Rfc7616, "GET", "/dir/index.html");

        Assert.Contains("response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"", header, StringComparison.Ordinal);
        Assert.Contains("algorithm=SHA-256,", header, StringComparison.Ordinal);
    }

    // RFC 2069, 2.4, with the response that its erratum 749 gives.
    [Fact]
    public void Without_qop_the_form_is_that_of_rfc_2069() => Assert.Equal(
        """Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea", opaque="5ccc069c403ebaf9f0171e9517f40e41" """.TrimEnd(),
        Sign("Mufasa", "CircleOfLife", "x", """Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41" """, "GET", "/dir/index.html"));

    [Theory]
    [InlineData("MD5-sess")]
    [InlineData("SHA-256-sess")]
    public void A_session_digest_mixes_the_nonces_in(string name)
    {
        var algorithm = DigestAlgorithm.Named(name)!;
        var secret = algorithm.Hash(algorithm.Hash("u:r:p") + ":n:c");
        var expected = algorithm.Hash($"{secret}:n:00000001:c:auth:{algorithm.Hash("DESCRIBE:rtsp://h/p")}");

        var header = Sign("u", "p", "c", $"Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm={name}", "DESCRIBE", "rtsp://h/p");

        Assert.Contains($"response=\"{expected}\", algorithm={name}", header, StringComparison.Ordinal);
    }

    [Fact] // S12
    public void Name_and_password_are_hashed_as_utf_8()
    {
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData("管理员:r:密码@/#"u8));
        var header = Sign("管理员", "密码@/#", "c", "Digest realm=\"r\", nonce=\"n\"", "DESCRIBE", "u");
        var response = DigestAlgorithm.Named(null)!.Hash($"{expected}:n:{DigestAlgorithm.Named(null)!.Hash("DESCRIBE:u")}");

        Assert.Contains($"response=\"{response}\"", header, StringComparison.Ordinal);
        Assert.Equal("Basic " + Convert.ToBase64String("管理员:密码@/#"u8), Sign("管理员", "密码@/#", "c", "Basic realm=\"r\"", "DESCRIBE", "u"));
    }

    [Theory] // S14, S15
    [InlineData("Basic realm=\"a\"|Digest realm=\"a\", nonce=\"n\"", "n", null)]
    [InlineData("Digest realm=\"a\", nonce=\"n\"|Basic realm=\"a\"", "n", null)]
    [InlineData("Basic realm=\"a, Digest b\", Digest realm=\"c, d=e\", nonce=\"n\", stale=\"FALSE\"", "n", null)]
    [InlineData("Digest realm=\"a\",nonce=\"n1\"|Digest realm=\"a\",nonce=\"n2\",algorithm=SHA-256", "n2", "SHA-256")]
    [InlineData("Digest realm=\"a\",nonce=\"n1\",algorithm=\"SHA-256\",Digest realm=\"a\",nonce=\"n2\",algorithm=MD5", "n1", "SHA-256")]
    [InlineData("Digest realm=\"a\",nonce=\"n1\",algorithm=SHA-512-256|Digest realm=\"a\",nonce=\"n2\"", "n2", null)]
    [InlineData("digest Realm=a , NONCE = n , algorithm = md5", "n", null)]
    [InlineData("Negotiate, NTLM abc==, Digest realm=\"\\\"q\\\"\", nonce=\"n\"", "n", null)]
    public void The_strongest_digest_is_taken_from_any_list(string headers, string nonce, string? algorithm)
    {
        var header = Sign("u", "p", "c", headers, "DESCRIBE", "u");

        Assert.Contains($"nonce=\"{nonce}\"", header, StringComparison.Ordinal);
        Assert.Equal(algorithm is not null, header!.Contains("algorithm=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Digest realm=\"a\", nonce=\"n\", algorithm=SHA-512-256|Basic realm=\"a\"", SourceTrouble.UnknownLogin)] // no password in the clear where a digest was wanted
    [InlineData("Bearer realm=\"a\"", SourceTrouble.UnknownLogin)]
    [InlineData("", SourceTrouble.Rejected)]
    public void What_nobody_knows_is_not_answered(string headers, object trouble)
    {
        var authenticator = new RtspAuthenticator("u", "p", () => "c");

        Assert.Equal(trouble, authenticator.OnRefused(Refusal(headers), null));
        Assert.Null(authenticator.Sign("DESCRIBE", "u"));
    }

    [Fact] // S16
    public void Each_use_of_a_nonce_is_counted()
    {
        var authenticator = new RtspAuthenticator("u", "p", () => "c");
        authenticator.OnRefused(Refusal("Digest realm=\"a\", nonce=\"n\", qop=\"auth-int,auth\""), null);

        Assert.Contains("nc=00000001", authenticator.Sign("OPTIONS", "u"), StringComparison.Ordinal);
        Assert.Contains("nc=00000002", authenticator.Sign("OPTIONS", "u"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_nonce_is_taken_from_a_reply()
    {
        var authenticator = new RtspAuthenticator("u", "p", () => "c");
        authenticator.OnRefused(Refusal("Digest realm=\"a\", nonce=\"n\""), null);
        var reply = new RtspMessage { Status = 200 };
        reply.AddLine("Authentication-Info: nextnonce=\"n2\", qop=auth");
        authenticator.OnAccepted(reply);

        Assert.Contains("nonce=\"n2\"", authenticator.Sign("OPTIONS", "u"), StringComparison.Ordinal);
    }

    private static string? Sign(string user, string password, string clientNonce, string challenges, string method, string url)
    {
        var authenticator = new RtspAuthenticator(user, password, () => clientNonce);
        Assert.Null(authenticator.OnRefused(Refusal(challenges), null));
        return authenticator.Sign(method, url);
    }

    private static RtspMessage Refusal(string challenges)
    {
        var reply = new RtspMessage { Status = 401 };
        foreach (var challenge in challenges.Split('|', StringSplitOptions.RemoveEmptyEntries)) reply.AddLine("WWW-Authenticate: " + challenge);
        return reply;
    }
}
