using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>A recording of a gigabyte on its way from a silo through an API.</summary>
public sealed class DownloadTests(ITestOutputHelper output)
{
    private const long Size = 1L << 30;
    private const long MostGrowth = 100L << 20;
    private const int ManyClients = 64;
    private const long SkimmedBytes = 16 << 20;
    private const string Cycle = "20260101_000000";

    [Fact]
    public Task A_download_is_exact_and_holds_no_file_in_memory() => TestFarm.Run(
        new TestFarmOptions { Silos = 1, Apis = 1, Cameras = 1, Camera = SmallCameras.Of },
        async farm =>
        {
            var file = Path.Combine(farm.ArchiveOf("node-1"), Cycle, "large.mp4");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await Fill(file);
            var expected = await Sum(File.OpenRead(file));

            // The first one brings code and pools into memory, whatever the file's size.
            var url = $"/api/video?path=./{Cycle}/large.mp4";
            using (var warm = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(0, (32 << 20) - 1) } })
            using (var answer = await farm.Http.Client.SendAsync(warm)) Assert.Equal(32 << 20, (await answer.Content.ReadAsByteArrayAsync()).Length);

            var (api, silo) = (Resident(farm["api-1"], "VmRSS"), Resident(farm["node-1"], "VmRSS"));
            var clock = Stopwatch.StartNew();
            using (var answer = await farm.Http.Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead))
            {
                Assert.Equal(Size, answer.Content.Headers.ContentLength);
                Assert.Equal(expected, await Sum(await answer.Content.ReadAsStreamAsync()));
            }

            var seconds = clock.Elapsed.TotalSeconds;
            var (apiGrowth, siloGrowth) = (Resident(farm["api-1"], "VmHWM") - api, Resident(farm["node-1"], "VmHWM") - silo);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Size / seconds / 1e6:0} MB/s; API grew by {apiGrowth >> 20} MiB, silo by {siloGrowth >> 20} MiB"));
            Assert.InRange(apiGrowth, 0, MostGrowth);
            Assert.InRange(siloGrowth, 0, MostGrowth);

            // Together they ask for more than a silo holds for one connection, and a disk answers faster than the connection carries.
            await Task.WhenAll(Enumerable.Range(0, ManyClients).Select(_ => Skim(farm.Http.Client, url)));
            Assert.DoesNotContain("SiloUnavailableException", farm["api-1"].Log, StringComparison.Ordinal);
        });

    private static async Task Skim(HttpClient http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(0, SkimmedBytes - 1) } };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(SkimmedBytes, answer.Content.Headers.ContentLength);
        await answer.Content.CopyToAsync(Stream.Null); // throws when it ends early
    }

    // Content that differs at every place.
    private static async Task Fill(string path)
    {
        var piece = new byte[16 << 20];
        new Random(1).NextBytes(piece);
        await using var file = File.Create(path);
        for (long at = 0; at < Size; at += piece.Length)
        {
            BitConverter.TryWriteBytes(piece, at);
            await file.WriteAsync(piece);
        }
    }

    private static async Task<string> Sum(Stream stream)
    {
        await using (stream) return Convert.ToHexString(await SHA256.HashDataAsync(stream));
    }

    private static long Resident(FarmProcess process, string entry) =>
        long.Parse(File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(entry + ":", StringComparison.Ordinal)).Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
}
