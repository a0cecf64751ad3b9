using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Cameras.Tests.Command;

public sealed class CameraProgramTests
{
    [Fact]
    public async Task The_program_prints_addresses_and_ready_serves_statistics_and_writes_a_configuration()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var output = new Lines();
        var settings = Settings with
        {
            Count = 3,
            StatsPort = 0,
            Faults = ["404", "2-3=none", "3=stall:8"],
            User = "admin",
            Password = "secret",
            ConfigurationFile = folder["config.json"]
        };
        var run = CameraProgram.Run(settings, output, stop.Token);
        await TestServer.Until(() => output.All.Contains("ready") || run.IsCompleted, "the program is ready");

        Assert.Equal(3, output.All.Count(l => l.StartsWith("rtsp://127.0.0.1:", StringComparison.Ordinal)));
        Assert.Contains(output.All, l => l.EndsWith("/cam/1 (404)", StringComparison.Ordinal));
        Assert.Contains(output.All, l => l.EndsWith("/cam/2", StringComparison.Ordinal));
        Assert.DoesNotContain(output.All, l => l.Contains("secret", StringComparison.Ordinal));

        await MustServeStatistics(output.All.First(l => l.StartsWith("statistics: ", StringComparison.Ordinal))["statistics: ".Length..].Replace("/stats", "", StringComparison.Ordinal));

        using var configuration = JsonDocument.Parse(await File.ReadAllTextAsync(folder["config.json"]));
        Assert.Equal(3, configuration.RootElement.GetProperty("global_config").GetProperty("max_concurrent_streams").GetInt32());
        var streams = configuration.RootElement.GetProperty("streams").EnumerateArray().ToList();
        Assert.Equal(["camera1.mp4", "camera2.mp4", "camera3.mp4"], streams.Select(s => s.GetProperty("output_filename").GetString()));
        Assert.Contains("admin:secret@", streams[0].GetProperty("rtsp_url").GetString(), StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(CameraProgram.Stopped, await run);
    }

    [Fact]
    public async Task Every_wrong_option_is_named()
    {
        var output = new Lines();
        var settings = new CameraSettings
        {
            Count = 0,
            Port = 99999,
            Listen = "here",
            Faults = ["3=melt", "x"],
            Codec = "mpeg2",
            Audio = "mp3",
            BitRate = "much",
            Size = "big",
            ClientStallSeconds = 0,
            FrameRate = 0,
            KeyFrameInterval = 0
        };
        Assert.Equal(CameraProgram.BadOptions, await CameraProgram.Run(settings, output, CancellationToken.None));
        foreach (var option in new[] { "--count", "--port", "--listen", "--fault 3=melt", "--fault x", "--codec", "--audio", "--bitrate", "--size", "--client-stall", "fps", "gop" })
            Assert.Contains(output.All, l => l.StartsWith(option, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("64000", true)]
    [InlineData("500k", true)]
    [InlineData("2.5M", true)]
    [InlineData("1", false)]
    [InlineData("1G", false)]
    [InlineData("-1k", false)]
    [InlineData("", false)]
    public async Task A_bit_rate_may_have_a_unit(string text, bool isGood)
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var exitCode = await CameraProgram.Run(Settings with { BitRate = text }, new Lines(), stopped.Token);
        Assert.Equal(isGood ? CameraProgram.Stopped : CameraProgram.BadOptions, exitCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var output = new Lines();
        Assert.Equal(CameraProgram.Failed, await CameraProgram.Run(Settings with { Port = port }, output, CancellationToken.None));
        Assert.Contains(output.All, l => l.StartsWith($"cannot listen on 127.0.0.1 port {port}", StringComparison.Ordinal));
    }

    private static async Task MustServeStatistics(string address)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var before = JsonDocument.Parse(await http.GetStringAsync("/stats"));
        var cameras = before.RootElement.GetProperty("cameras").EnumerateArray().ToList();
        Assert.Equal(["404", "none", "stall:8"], cameras.Select(c => c.GetProperty("fault").GetString()));
        Assert.Equal(0, before.RootElement.GetProperty("most_at_once").GetInt32());
        Assert.Equal(0, before.RootElement.GetProperty("since_reset").GetProperty("started").GetInt32());
        Assert.Equal(0, cameras[0].GetProperty("started").GetInt32());

        Assert.Equal(HttpStatusCode.OK, (await http.PutAsync("/cameras/2/fault?fault=loss:5", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PutAsync("/cameras/9/fault?fault=none", null)).StatusCode);
        var bad = await http.PutAsync("/cameras/2/fault?fault=melt", null);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("unknown fault", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"loss:5\"", await http.GetStringAsync("/stats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_are_listed_over_HTTP_and_counted_anew_after_a_reset()
    {
        using var stop = new CancellationTokenSource();
        var output = new Lines();
        var run = CameraProgram.Run(Settings with { StatsPort = 0 }, output, stop.Token);
        await TestServer.Until(() => output.All.Contains("ready") || run.IsCompleted, "the program is ready");
        using var http = new HttpClient { BaseAddress = new Uri(output.All.First(l => l.StartsWith("statistics: ", StringComparison.Ordinal))["statistics: ".Length..].Replace("/stats", "", StringComparison.Ordinal)) };
        var url = output.All.First(l => l.StartsWith("rtsp://", StringComparison.Ordinal));

        using var client = await RtspTestClient.Play(url);
        Assert.Equal(200, (await client.Send("TEARDOWN")).Status);
        using (var listed = JsonDocument.Parse(await http.GetStringAsync("/stats/sessions")))
        {
            var session = Assert.Single(listed.RootElement.GetProperty("sessions").EnumerateArray());
            Assert.Equal(1, session.GetProperty("camera").GetInt32());
            Assert.Equal("TEARDOWN", session.GetProperty("reason").GetString());
            Assert.True(session.GetProperty("ended_at").GetDateTimeOffset() >= session.GetProperty("started_at").GetDateTimeOffset());
        }

        Assert.Equal(HttpStatusCode.NoContent, (await http.PostAsync("/stats/reset", null)).StatusCode);
        using var counted = JsonDocument.Parse(await http.GetStringAsync("/stats"));
        Assert.Equal(1, counted.RootElement.GetProperty("started").GetInt32());
        Assert.Equal(0, counted.RootElement.GetProperty("since_reset").GetProperty("started").GetInt32());
        Assert.Equal(0, counted.RootElement.GetProperty("cameras")[0].GetProperty("since_reset").GetProperty("most_at_once").GetInt32());
        using var none = JsonDocument.Parse(await http.GetStringAsync("/stats/sessions"));
        Assert.Empty(none.RootElement.GetProperty("sessions").EnumerateArray());

        await stop.CancelAsync();
        Assert.Equal(CameraProgram.Stopped, await run);
    }

    private static CameraSettings Settings => new() { Count = 1, Port = 0, CacheFolder = TestServer.Options.CacheFolder };

    private sealed class Lines : StringWriter
    {
        public IReadOnlyList<string> All
        {
            get
            {
                lock (GetStringBuilder()) return ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }

        public override void WriteLine(string? value)
        {
            lock (GetStringBuilder()) base.WriteLine(value);
        }

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            return Task.CompletedTask;
        }
    }
}
