using System.Diagnostics;
using System.Net.Sockets;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>A real nginx with the product's configuration, in front of the backends of a test.</summary>
internal sealed class RunningNginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private RunningNginx(string program, string listen, params int[] backends)
    {
        Prepare(_folder, listen, [.. backends.Select(port => $"127.0.0.1:{port}")]);
        // The workers of a root's nginx run as nobody, who may not enter the folder of this test.
        var directives = Environment.UserName == "root" ? "daemon off; user root;" : "daemon off;";
        _process = Process.Start(new ProcessStartInfo(program, ["-p", _folder.Path, "-c", _folder["nginx.conf"], "-g", directives]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        // Nobody reads what it prints, and a full pipe would stop it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A client of it, which follows no redirects.</summary>
    public required HttpClient Http { get; init; }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<RunningNginx> Start(string program, params int[] backends)
    {
        var port = Ports.Free();
        var nginx = new RunningNginx(program, $"127.0.0.1:{port}", backends) { Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) } };
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Assert.Equal("ok\n", await nginx.Http.GetStringAsync("/nginx-health"));
                return nginx;
            }
            catch (HttpRequestException) when (watch.Elapsed < TimeSpan.FromSeconds(20) && !nginx._process.HasExited)
            {
                // It does not listen yet.
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Puts the product's configuration into a folder, with these addresses in place of the containers'.</summary>
    public static void Prepare(TemporaryFolder folder, string listen, IReadOnlyList<string> backends)
    {
        foreach (var file in Directory.GetFiles(Checkout.At("deploy", "nginx"))) File.Copy(file, folder[Path.GetFileName(file)]);

        // A test's standard output is not always one that can be opened by its name.
        File.WriteAllText(folder["nginx.conf"], File.ReadAllText(folder["nginx.conf"]).Replace("access_log /dev/stdout recorder;", "access_log access.log recorder;", StringComparison.Ordinal));
        File.WriteAllText(folder["listen.conf"], $"listen {listen};\n");
        File.WriteAllText(folder["upstream.conf"], $$"""
            upstream recorder_api {
                {{string.Concat(backends.Select(b => $"server {b} max_fails=2 fail_timeout=5s; server {b} max_fails=0 backup; "))}}
                keepalive 32;
            }

            """);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
