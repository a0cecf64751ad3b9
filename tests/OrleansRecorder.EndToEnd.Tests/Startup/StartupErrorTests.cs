using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Startup;

/// <summary>What does not let the recorder start is told with its name and the way out, exit code 2, and nothing touched.</summary>
public sealed class StartupErrorTests : IDisposable
{
    private const int UserError = 2;

    private const string Config = """
        {
          "global_config": {
            "total_poll_duration_seconds": 60, "max_concurrent_streams": 2, "output_directory": "./output", "report_filename": "rtsp_report.json",
            "connection_timeout_seconds": 3, "read_timeout_seconds": 5, "poll_cycles": 1, "cycle_interval_seconds": 30
          },
          "streams": [ { "rtsp_url": "rtsp://127.0.0.1:1/a", "duration_seconds": 15, "weight": 1.0, "output_filename": "a.mp4" } ]
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_broken_configuration_is_told_with_line_and_column_and_left_untouched()
    {
        var broken = Config.Replace("\"poll_cycles\": 1,", "\"poll_cycles\": 1", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["config.json"], broken);

        var output = await Run("--config", _folder["config.json"]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains("config.json", output.Errors);
        Assert.Matches("line 4,? column [0-9]+", output.Errors);
        Assert.Matches("第 ?4 ?行", output.Errors);
        Assert.Equal(broken, await File.ReadAllTextAsync(_folder["config.json"]));
    }

    [Fact]
    public async Task Every_invalid_field_of_a_configuration_is_told_at_once()
    {
        var invalid = Config.Replace("\"max_concurrent_streams\": 2", "\"max_concurrent_streams\": 0", StringComparison.Ordinal)
            .Replace("\"a.mp4\"", "\"../a.mp4\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["config.json"], invalid);

        var output = await Run("--config", _folder["config.json"]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains("max_concurrent_streams", output.Errors);
        Assert.Contains("output_filename", output.Errors);
        Assert.Equal(invalid, await File.ReadAllTextAsync(_folder["config.json"]));
    }

    [Fact]
    public async Task A_missing_configuration_is_told_with_its_path()
    {
        var output = await Run("--config", _folder["nowhere.json"]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains(_folder["nowhere.json"], output.Errors);
        Assert.False(File.Exists(_folder["nowhere.json"]));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await File.WriteAllTextAsync(_folder["config.json"], Config);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var output = await Run(_folder["output"], port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--listen", "127.0.0.1", "--config", _folder["config.json"]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains($"{port}", output.Errors);
        Assert.Contains("in use", output.Errors);
    }

    [Fact]
    public async Task An_output_directory_that_cannot_be_written_is_named()
    {
        await File.WriteAllTextAsync(_folder["config.json"], Config);
        await File.WriteAllTextAsync(_folder["file"], "not a directory");

        var output = await Run(_folder["file"], "--config", _folder["config.json"]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains(_folder["file"], output.Errors);
        Assert.Equal("not a directory", await File.ReadAllTextAsync(_folder["file"]));
    }

    [Fact]
    public async Task A_missing_library_is_told_with_the_package_that_has_it()
    {
        await File.WriteAllTextAsync(_folder["config.json"], Config);

        var output = await Shell.Run("env", ["RECORDER_FFMPEG_PATH=" + _folder.Path, "dotnet", Recorder, "run", _folder["output"], "--config", _folder["config.json"]]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains("libavformat59", output.Errors);
    }

    [Fact]
    public async Task A_state_that_another_recorder_holds_is_told()
    {
        await File.WriteAllTextAsync(_folder["config.json"], Config);
        Directory.CreateDirectory(_folder["state"]);
        using var held = new FileStream(_folder["state", "lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var output = await Run(_folder["output"], "--config", _folder["config.json"], "--state", _folder["state"]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.Contains(_folder["state"], output.Errors);
        Assert.Contains("another recorder", output.Errors);
    }

    [Theory]
    [InlineData("run", "out", "70000")]
    [InlineData("run", "--listen", "nonsense")]
    [InlineData("run", "--no-such-option")]
    [InlineData("demo", "--cameras", "0")]
    [InlineData("nonsense")]
    public async Task A_wrong_command_line_is_refused(params string[] arguments)
    {
        var output = await Shell.Run("dotnet", [Recorder, .. arguments]);

        Assert.Equal(UserError, output.ExitCode);
        Assert.NotEmpty(output.Errors);
    }

    [Fact]
    public async Task Config_check_says_what_is_wrong_and_what_is_probably_misspelt()
    {
        await File.WriteAllTextAsync(_folder["good.json"], Config);
        await File.WriteAllTextAsync(_folder["odd.json"], Config.Replace("\"poll_cycles\": 1", "\"poll_cycles\": 1, \"max_concurent_streams\": 3", StringComparison.Ordinal));
        await File.WriteAllTextAsync(_folder["bad.json"], Config.Replace("\"weight\": 1.0", "\"weight\": -1", StringComparison.Ordinal));

        var good = await Shell.Run("dotnet", Recorder, "config", "check", _folder["good.json"]);
        var odd = await Shell.Run("dotnet", Recorder, "config", "check", _folder["odd.json"]);
        var bad = await Shell.Run("dotnet", Recorder, "config", "check", _folder["bad.json"]);

        Assert.Equal(0, good.ExitCode);
        Assert.Equal(0, odd.ExitCode);
        Assert.Contains("max_concurent_streams", odd.Text);
        Assert.Equal(UserError, bad.ExitCode);
        Assert.Contains("weight", bad.Errors);
    }

    public void Dispose() => _folder.Dispose();

    private static string Recorder => Path.Combine(AppContext.BaseDirectory, "recorder.dll");

    private static Task<Shell.Output> Run(params string[] arguments) => Shell.Run("dotnet", [Recorder, "run", .. arguments]);
}
