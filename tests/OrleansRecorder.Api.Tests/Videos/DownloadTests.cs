using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using OrleansRecorder.Api.Downloads;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Videos;

public sealed class DownloadTests
{
    private const string Url = "/api/video?path=./output/20251010_163000/a1.mp4";

    private static readonly byte[] Film = RandomBytes(5_000_000);

    [Fact]
    public async Task A_recording_comes_whole_with_its_headers()
    {
        await using var api = await StartWithFilm(nodes: 2);

        using var response = await api.Http.GetAsync(Url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.Equal("\"v5000000\"", response.Headers.ETag?.ToString());
        Assert.Equal(new DateTimeOffset(2025, 10, 10, 8, 30, 26, TimeSpan.Zero), response.Content.Headers.LastModified);
        Assert.Equal(Film.Length, response.Content.Headers.ContentLength);
        Assert.Equal("a1.mp4", response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal(Film, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100-199", 100, 100)]
    [InlineData("bytes=4999990-", 4_999_990, 10)]
    [InlineData("bytes=-7", 4_999_993, 7)]
    [InlineData("bytes=1000000-3500000", 1_000_000, 2_500_001)]
    [InlineData("bytes=4999999-99999999", 4_999_999, 1)]
    [InlineData("bytes=-99999999", 0, 5_000_000)]
    public async Task A_range_comes_as_206_with_exactly_its_bytes(string range, int start, int length)
    {
        await using var api = await StartWithFilm();

        using var response = await Send(api, HttpMethod.Get, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {start}-{start + length - 1}/5000000", response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(length, response.Content.Headers.ContentLength);
        Assert.Equal(Film.AsSpan(start, length).ToArray(), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=5000000-")]
    [InlineData("bytes=-0")]
    public async Task A_range_outside_the_file_is_416_with_its_size(string range)
    {
        await using var api = await StartWithFilm();

        using var response = await Send(api, HttpMethod.Get, ("Range", range));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal("bytes */5000000", response.Content.Headers.ContentRange?.ToString());
        Assert.Contains("\"error\":\"Range Not Satisfiable\"", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("bytes=9-3")]
    [InlineData("seconds=1-2")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("nonsense")]
    public async Task A_range_that_is_none_or_several_is_ignored(string range)
    {
        await using var api = await StartWithFilm();

        using var response = await Send(api, HttpMethod.Get, ("Range", range));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Film.Length, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("If-Range", "\"v5000000\"", HttpStatusCode.PartialContent)]
    [InlineData("If-Range", "\"other\"", HttpStatusCode.OK)]
    [InlineData("If-Range", "Fri, 10 Oct 2025 08:30:26 GMT", HttpStatusCode.PartialContent)]
    [InlineData("If-Range", "Fri, 10 Oct 2025 08:00:00 GMT", HttpStatusCode.OK)]
    [InlineData("If-None-Match", "\"v5000000\"", HttpStatusCode.NotModified)]
    [InlineData("If-None-Match", "\"other\"", HttpStatusCode.PartialContent)]
    [InlineData("If-Modified-Since", "Fri, 10 Oct 2025 08:30:26 GMT", HttpStatusCode.NotModified)]
    [InlineData("If-Match", "\"other\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("If-Unmodified-Since", "Fri, 10 Oct 2025 08:00:00 GMT", HttpStatusCode.PreconditionFailed)]
    public async Task Conditions_on_a_range_are_kept(string header, string value, HttpStatusCode expected)
    {
        await using var api = await StartWithFilm();

        using var response = await Send(api, HttpMethod.Get, ("Range", "bytes=0-9"), (header, value));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Head_tells_the_size_and_reads_nothing()
    {
        await using var api = await StartWithFilm();

        using var response = await Send(api, HttpMethod.Head, ("Range", "bytes=0-9"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Film.Length, response.Content.Headers.ContentLength);
        Assert.Equal("\"v5000000\"", response.Headers.ETag?.ToString());
        Assert.Equal(0, api.Archive.Reads);
    }

    [Theory]
    [InlineData(ArchiveResult.NotFound, HttpStatusCode.NotFound)]
    [InlineData(ArchiveResult.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(ArchiveResult.InUse, HttpStatusCode.Conflict)]
    public async Task A_recording_that_cannot_be_had_says_why(ArchiveResult result, HttpStatusCode status)
    {
        await using var api = await TestApi.Start();
        api.Archive.Refusals["./output/20251010_163000/a1.mp4"] = (result, new LocalizedText("原因", "the reason"));

        Assert.Equal("原因", (string?)(await api.Fail(HttpMethod.Get, Url, status))["message"]);
        await api.Fail(HttpMethod.Get, "/api/video", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_file_that_changes_before_its_first_byte_is_an_error_and_not_half_an_answer()
    {
        await using var api = await StartWithFilm();
        api.Archive.ReadableUpTo = 0;

        await api.Fail(HttpMethod.Get, Url, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_breaks_the_connection()
    {
        await using var api = await StartWithFilm();
        api.Archive.ReadableUpTo = 3_000_000;

        using var response = await api.Http.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_archive_that_dies_in_the_middle_breaks_the_connection_and_never_ends_short()
    {
        await using var api = await StartWithFilm();
        api.Archive.FailsFrom = 3_000_000;

        using var response = await api.Http.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_piece_that_is_not_answered_is_asked_for_once_more_and_the_file_is_whole()
    {
        await using var api = await StartWithFilm();
        using var response = await api.Http.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead);
        api.Archive.NextFailures = (1, new SiloUnavailableException("gone"));

        Assert.Equal(Film, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_not_read_ahead_for_and_a_client_that_leaves_ends_the_reading()
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[200_000_000]);

        using (var client = new TcpClient { ReceiveBufferSize = 64 << 10 })
        {
            await client.ConnectAsync(IPAddress.Loopback, api.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {Url} HTTP/1.1\r\nHost: x\r\n\r\n"));
            while (api.Archive.Reads == 0) await Task.Delay(20);
            var reads = await Settled(() => api.Archive.Reads);
            Assert.InRange(reads, 2, 40);
            Assert.True(api.Archive.LargestRead <= IArchiveGrain.MaxReadBytes);
        }

        var after = await Settled(() => api.Archive.Reads);
        Assert.InRange(after, 2, 42);
    }

    [Fact]
    public async Task Many_downloads_at_once_have_no_more_on_its_way_than_one_connection_holds_and_all_come_whole()
    {
        await using var api = await TestApi.Start(configure: options => options.CallDeadline = TimeSpan.FromMinutes(1));
        api.Archive.Add("20251010_163000", "a1.mp4", Film);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Archive.Gate = (512 << 10, opened);

        var downloads = Enumerable.Range(0, 64).Select(_ => api.Http.GetByteArrayAsync(Url)).ToArray();
        while (api.Archive.Outstanding <= OutstandingPieces.MaxBytesOfOne - IArchiveGrain.MaxReadBytes) await Task.Delay(20);
        await Settled(() => api.Archive.Outstanding);
        opened.SetResult();

        foreach (var film in await Task.WhenAll(downloads)) Assert.Equal(Film, film);
        Assert.InRange(api.Archive.MostOutstanding, 0, OutstandingPieces.MaxBytesOfOne);
    }

    [Fact]
    public async Task Downloads_from_a_node_that_hangs_hold_up_none_from_another_one()
    {
        await using var api = await TestApi.Start(nodes: 2, configure: options => options.CallDeadline = TimeSpan.FromMinutes(1));
        api.Archives[0].Add("20251010_163000", "a1.mp4", Film);
        api.Archives[1].Add("20251010_163000", "a2.mp4", Film);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Archives[0].Gate = (512 << 10, opened);
        var hung = Enumerable.Range(0, 64).Select(_ => api.Http.GetByteArrayAsync(Url)).ToArray();
        while (api.Archives[0].Outstanding <= OutstandingPieces.MaxBytesOfOne - IArchiveGrain.MaxReadBytes) await Task.Delay(20);

        Assert.Equal(Film, await api.Http.GetByteArrayAsync(Url.Replace("a1", "a2", StringComparison.Ordinal)).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.DoesNotContain(hung, download => download.IsCompleted);

        opened.SetResult();
        foreach (var film in await Task.WhenAll(hung)) Assert.Equal(Film, film);
    }

    [Fact]
    public async Task Clients_that_do_not_read_and_clients_that_left_hold_nobody_up()
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[40_000_000]).Add("20251010_163000", "a2.mp4", Film);
        var clients = Enumerable.Range(0, 40).Select(_ => new TcpClient { ReceiveBufferSize = 64 << 10 }).ToArray();
        foreach (var client in clients)
        {
            await client.ConnectAsync(IPAddress.Loopback, api.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {Url} HTTP/1.1\r\nHost: x\r\n\r\n"));
        }

        while (api.Archive.Reads < 40 * 8) await Task.Delay(20);
        await Settled(() => api.Archive.Reads);
        Assert.Equal(Film, await api.Http.GetByteArrayAsync(Url.Replace("a1", "a2", StringComparison.Ordinal)));

        foreach (var client in clients) client.Dispose();
        Assert.Equal(Film, await api.Http.GetByteArrayAsync(Url.Replace("a1", "a2", StringComparison.Ordinal)));
    }

    private static async Task<TestApi> StartWithFilm(int nodes = 1)
    {
        var api = await TestApi.Start(nodes);
        api.Archives[^1].Add("20251010_163000", "a1.mp4", Film);
        return api;
    }

    private static async Task<HttpResponseMessage> Send(TestApi api, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Url);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await api.Http.SendAsync(request);
    }

    /// <summary>The value once it has stood still for half a second.</summary>
    private static async Task<int> Settled(Func<int> value)
    {
        var last = -1;
        for (var i = 0; i < 40 && value() != last; i++)
        {
            last = value();
            await Task.Delay(500);
        }

        return last;
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
