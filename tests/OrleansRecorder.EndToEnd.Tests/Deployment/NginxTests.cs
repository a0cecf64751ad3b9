using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>What nginx does with the product's configuration, asked of a real one where the machine has it.</summary>
public sealed partial class NginxTests(ITestOutputHelper output)
{
    private static readonly string? Program = Checkout.Program("nginx");

    [Fact]
    public async Task Nginx_accepts_the_configuration()
    {
        foreach (var file in Directory.GetFiles(Checkout.At("deploy", "nginx"))) MustBeWellFormed(await File.ReadAllTextAsync(file));
        if (IsAbsent()) return;
        using var folder = new TemporaryFolder();
        RunningNginx.Prepare(folder, "127.0.0.1:8080", ["127.0.0.1:8081", "127.0.0.1:8082"]);
        await Checkout.MustSucceed(folder.Path, $"{Program} -t -p '{folder.Path}' -c '{folder["nginx.conf"]}'");
    }

    [Fact]
    public void Nothing_in_the_configuration_lets_a_POST_be_repeated() =>
        Assert.DoesNotContain("non_idempotent;", Checkout.Read("deploy", "nginx", "proxy.conf"), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET", "/api/tasks")]
    [InlineData("PUT", "/api/config/streams/3")]
    [InlineData("GET", "/api/config/streams/3")]
    [InlineData("DELETE", "/api/videos/x")]
    public async Task A_request_that_may_be_repeated_goes_to_the_next_API_when_one_dies_with_it(string method, string path)
    {
        if (IsAbsent()) return;
        await using var dying = FakeApi.Dying();
        await using var healthy = FakeApi.Healthy();
        await using var nginx = await RunningNginx.Start(Program!, dying.Port, healthy.Port);
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            Assert.Equal(HttpStatusCode.OK, (await nginx.Http.SendAsync(request)).StatusCode);
        }

        Assert.NotEmpty(dying.Requests);
        Assert.Equal(4, healthy.Requests.Count);
    }

    // A DELETE of a stream is by index: a second one would delete the next stream.
    [Theory]
    [InlineData("POST", "/api/config/streams")]
    [InlineData("POST", "/api/scheduler/start")]
    [InlineData("DELETE", "/api/config/streams/3")]
    public async Task A_request_that_must_not_be_repeated_reaches_one_API_only(string method, string path)
    {
        if (IsAbsent()) return;
        await using var first = FakeApi.Dying();
        await using var second = FakeApi.Dying();
        await using var nginx = await RunningNginx.Start(Program!, first.Port, second.Port);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent("{}") : null };

        Assert.Equal(HttpStatusCode.BadGateway, (await nginx.Http.SendAsync(request)).StatusCode);
        Assert.Equal(1, first.Requests.Count + second.Requests.Count);
    }

    [Theory]
    [InlineData("/api/events")]
    [InlineData("/api/video?path=x")]
    public async Task What_an_API_sends_piece_by_piece_arrives_piece_by_piece(string path)
    {
        if (IsAbsent()) return;
        var mayEnd = new TaskCompletionSource();
        await using var api = FakeApi.Answering(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: first\n\n"u8.ToArray(), stop);
            await mayEnd.Task.WaitAsync(stop);
            await stream.WriteAsync("data: last\n\n"u8.ToArray(), stop);
        });
        await using var nginx = await RunningNginx.Start(Program!, api.Port);
        using var answer = await nginx.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[100];

        // The API has not ended its answer: what is read now has not been held back.
        Assert.Equal("data: first\n\n", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20))));
        mayEnd.SetResult();
        using var rest = new StreamReader(body);
        Assert.Equal("data: last\n\n", await rest.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("/api/config/streams")]
    [InlineData("/api/config/streams/0")]
    [InlineData("/api/reports")]
    [InlineData("/api/reports/20261122_163000/report.txt")]
    [InlineData("/swagger")]
    public async Task Every_address_reaches_an_API_as_it_was_written(string path)
    {
        if (IsAbsent()) return;
        await using var api = FakeApi.Healthy();
        await using var nginx = await RunningNginx.Start(Program!, api.Port);

        Assert.StartsWith($"GET {path} HTTP/1.1", await nginx.Http.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_is_told_who_asks_and_a_client_cannot_claim_to_be_another()
    {
        if (IsAbsent()) return;
        await using var api = FakeApi.Healthy();
        await using var nginx = await RunningNginx.Start(Program!, api.Port);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tasks");
        request.Headers.Add("X-Forwarded-For", "10.9.8.7");
        request.Headers.Host = "recorder.example.org:8443";

        var head = await (await nginx.Http.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains("Host: recorder.example.org:8443", head, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-For: 127.0.0.1", head, StringComparison.Ordinal);
        Assert.DoesNotContain("10.9.8.7", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_the_size_that_an_API_takes_passes_and_a_much_larger_one_does_not()
    {
        if (IsAbsent()) return;
        await using var api = FakeApi.Answering(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
            await stream.CopyToAsync(Stream.Null, stop);
        });
        await using var nginx = await RunningNginx.Start(Program!, api.Port);

        Assert.Equal(HttpStatusCode.NoContent, (await nginx.Http.PostAsync("/api/config", new ByteArrayContent(new byte[16 << 20]))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await nginx.Http.PostAsync("/api/config", new ByteArrayContent(new byte[18 << 20]))).StatusCode);
    }

    private bool IsAbsent()
    {
        if (Program is not null) return false;
        output.WriteLine("nginx is not on this machine: only the form of its configuration was checked, by Nginx_accepts_the_configuration");
        return true;
    }

    // Blocks open and close, every other line ends with ';', every include is there.
    private static void MustBeWellFormed(string text)
    {
        var lines = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#')).ToList();
        Assert.All(lines, line => Assert.Matches(@"[;{}]$", line));
        Assert.Equal(lines.Count(l => l.EndsWith('{')), lines.Count(l => l == "}"));
        Assert.All(Include().Matches(text).Select(m => m.Groups[1].Value), file => Assert.True(File.Exists(Checkout.At("deploy", "nginx", file)), file));
    }

    [GeneratedRegex(@"^\s*include (\S+);", RegexOptions.Multiline)]
    private static partial Regex Include();
}
