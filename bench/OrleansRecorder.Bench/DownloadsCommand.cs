using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Api;
using OrleansRecorder.Archive;
using OrleansRecorder.Farm;

namespace OrleansRecorder.Bench;

/// <summary><c>bench downloads</c>: one recording read by its archive, and downloaded through the API with the node in the same and in another process.</summary>
internal static class DownloadsCommand
{
    private const string Directory = "20260101_000000";
    private const string Filename = "film.mp4";

    // What the farm promises, of all clients together.
    private const double LeastApart = 200;

    public static Command Create()
    {
        var megabytes = new Option<int>("--mb") { Description = "Size of the recording in MiB.", DefaultValueFactory = _ => 1024 };
        var clients = new Option<int>("--clients") { Description = "How many download it at once.", DefaultValueFactory = _ => 1 };
        var command = new Command("downloads", "MB/s of a download through the API.") { megabytes, clients };
        command.SetAction((parsed, stop) => Run(parsed.GetValue(megabytes), parsed.GetValue(clients), stop));
        return command;
    }

    private static async Task<int> Run(int megabytes, int clients, CancellationToken stop)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("recorder-bench-").FullName;
        try
        {
            var size = (long)megabytes << 20;
            await Make(Path.Combine(folder, "output", Directory), size, stop);
            Console.WriteLine($"{megabytes} MiB, {clients} at once");
            await FromArchive(folder, size);

            await using (var together = DownloadWorker.BuildNode(folder, gatewayPort: 0, withApi: true))
            {
                await together.StartAsync(stop);
                await Download("API and node in one process", together, size, clients, stop);
                await together.StopAsync(stop);
            }

            var bound = new LowerBound("MB/s, API and node in two processes", await Apart(folder, size, clients, stop), LeastApart);
            Console.WriteLine(bound);
            return bound.IsHeld ? 0 : 1;
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Make(string directory, long size, CancellationToken stop)
    {
        System.IO.Directory.CreateDirectory(directory);
        await using var file = File.Create(Path.Combine(directory, Filename));
        var block = RandomNumberGenerator.GetBytes(1 << 20);
        for (var written = 0L; written < size; written += block.Length) await file.WriteAsync(block, stop);
    }

    private static async Task FromArchive(string folder, long size)
    {
        await using var archives = new NodeArchives(new NodeArchivesOptions { BaseDirectory = folder }, TimeProvider.System, NullLogger<DirectoryArchive>.Instance);
        var archive = archives.For("output");
        var file = await archive.StatRecordingAsync($"output/{Directory}/{Filename}");
        foreach (var piece in new[] { 64 << 10, 256 << 10, 1 << 20 })
        {
            var clock = Stopwatch.StartNew();
            for (var offset = 0L; offset < size; offset += piece) await archive.ReadAsync(file.Path, file.ETag, offset, piece);
            Print($"the archive alone, pieces of {piece >> 10} KiB", size, clock.Elapsed);
        }

        using var handle = File.OpenHandle(Path.Combine(folder, "output", file.Path));
        var plain = Stopwatch.StartNew();
        for (var offset = 0L; offset < size; offset += 1 << 20) RandomAccess.Read(handle, new byte[1 << 20], offset);
        Print("one open file, pieces of 1024 KiB", size, plain.Elapsed);
    }

    private static async Task<double> Apart(string folder, long size, int clients, CancellationToken stop)
    {
        var port = FreePorts.Find(1)[0];
        using var worker = new Process { StartInfo = new ProcessStartInfo(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], "node", folder, port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardInput = true } };
        worker.Start();
        try
        {
            await worker.StandardOutput.ReadLineAsync(stop); // printed when the node has started
            await using var api = DownloadWorker.BuildApi(port);
            await api.StartAsync(stop);
            var rate = await Download("API and node in two processes", api, size, clients, stop);
            await api.StopAsync(stop);
            return rate;
        }
        finally
        {
            worker.StandardInput.Close(); // tells it to end
            await worker.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<double> Download(string what, WebApplication api, long size, int clients, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(api.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
        await Read(http, 1 << 20, stop);
        var (clock, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Read(http, size, stop)));
        var rate = Print(what, size * clients, clock.Elapsed);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"    CPU of this process {(process.TotalProcessorTime - before).TotalSeconds:0.0} s, memory {process.WorkingSet64 >> 20} MiB");
        return rate;
    }

    private static async Task Read(HttpClient http, long count, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/video?path=output/{Directory}/{Filename}");
        request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(0, count - 1);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var buffer = new byte[256 << 10];
        var read = 0L;
        while (await body.ReadAsync(buffer, stop) is > 0 and var n) read += n;
        if (read != count) throw new InvalidDataException($"{read} bytes of {count} came");
    }

    private static double Print(string what, long bytes, TimeSpan elapsed)
    {
        var rate = bytes / 1e6 / elapsed.TotalSeconds;
        Console.WriteLine($"  {what,-45} {rate,8:0} MB/s");
        return rate;
    }
}

/// <summary>A bound that downloads are to keep.</summary>
/// <param name="What">Of what.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Least">What it must be at least.</param>
internal sealed record LowerBound(string What, double Measured, double Least)
{
    /// <summary>Whether it is kept.</summary>
    public bool IsHeld => Measured >= Least;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsHeld ? "held" : "MISSED")}: {What}: {Measured:0}, at least {Least:0}");
}
