using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using OrleansRecorder.FarmTests.Harness;
using Xunit.Abstractions;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>An API is told to end while recordings are on their way through it.</summary>
public sealed class DownloadRestartTests(ITestOutputHelper output)
{
    private const int Size = 96 << 20;
    private const string Cycle = "20260101_000000";
    private const string Url = $"/api/video?path=./{Cycle}/large.mp4";

    // Long enough for a client that reads on to have all of it, whatever else the machine does.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(6);

    [Fact]
    public Task A_download_across_an_apis_end_is_whole_within_the_limit_and_goes_on_through_another_one_beyond_it() => TestFarm.Run(
        new TestFarmOptions
        {
            Silos = 1,
            Apis = 2,
            Cameras = 1,
            Camera = SmallCameras.Of,
            Settings = name => new Dictionary<string, string>(name == "api-1" ? [new("Shutdown:LimitSeconds", $"{Limit.TotalSeconds}")] : []),
        },
        async farm =>
        {
            var recording = RandomNumberGenerator.GetBytes(Size);
            var file = Path.Combine(farm.ArchiveOf("node-1"), Cycle, "large.mp4");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, recording);

            using var quick = await Begin(farm.HttpOf[0]);
            using var slow = await Begin(farm.HttpOf[0]);
            var (whole, part) = (new MemoryStream(Size), new MemoryStream(Size));
            await Read(quick, whole, 1 << 20);
            await Read(slow, part, 1 << 20);

            var clock = Stopwatch.StartNew();
            var ending = farm.Apis[0].Terminate();
            await Until(async () => await farm.HttpOf[0].Status("/healthz") is null, "the API to take no new requests");
            await Read(quick, whole, Size);
            Assert.False(ending.IsCompleted, "it did not wait for the downloads");
            Assert.True(recording.AsSpan().SequenceEqual(whole.ToArray()), "the download that ended within the limit is not what was recorded");

            // This one takes nothing more before the limit is over. What is on its way by then still comes.
            Assert.Equal(0, await ending);
            Assert.InRange(clock.Elapsed, Limit - TimeSpan.FromSeconds(1), Limit + Margin);
            await Assert.ThrowsAnyAsync<Exception>(() => Read(slow, part, Size));
            Assert.InRange(part.Length, 1 << 20, Size - 1);
            output.WriteLine($"ended after {clock.Elapsed.TotalSeconds:0.0} s; the slow download had {part.Length >> 20} MiB of {Size >> 20}");

            var eTag = slow.Headers.ETag!;
            using var rest = new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { Range = new RangeHeaderValue(part.Length, null), IfRange = new RangeConditionHeaderValue(eTag) } };
            using var answer = await farm.HttpOf[1].Client.SendAsync(rest);
            Assert.Equal((HttpStatusCode.PartialContent, eTag), (answer.StatusCode, answer.Headers.ETag));
            Assert.Equal(new ContentRangeHeaderValue(part.Length, Size - 1, Size), answer.Content.Headers.ContentRange);
            await answer.Content.CopyToAsync(part);
            Assert.True(recording.AsSpan().SequenceEqual(part.ToArray()), "the two parts are not what was recorded");
        });

    private static async Task<HttpResponseMessage> Begin(FarmHttp api)
    {
        var answer = await api.Client.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, Size), (answer.StatusCode, answer.Content.Headers.ContentLength));
        return answer;
    }

    // Up to so many bytes in all. Throws when the answer breaks off before.
    private static async Task Read(HttpResponseMessage answer, MemoryStream into, int upTo)
    {
        var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 << 10];
        while (into.Length < upTo)
        {
            var count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, upTo - into.Length)));
            if (count == 0) throw new EndOfStreamException();
            into.Write(buffer, 0, count);
        }
    }

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(TimeSpan.FromMilliseconds(50)))
        {
            if (clock.Elapsed > Limit) throw new TimeoutException($"waited {Limit.TotalSeconds} s for {what}");
        }
    }
}
