using System.Reflection;

namespace OrleansRecorder.Farm;

/// <summary>nginx in front of the APIs, with the configuration that <c>deploy/nginx</c> has for any farm.</summary>
internal static class FarmNginx
{
    private static readonly string[] Shared = ["nginx.conf", "proxy.conf"];

    /// <summary>Writes the configuration and says how to start nginx on it.</summary>
    public static ChildSpec Create(FarmFolder folder, int port, IEnumerable<int> apiPorts, string logFile)
    {
        var program = SystemTool.Find("nginx", "nginx", "/usr/sbin/nginx");
        foreach (var name in Shared) folder.Write(name, Resource(name));
        folder.Write("listen.conf", $"listen 127.0.0.1:{port};\n");
        folder.Write("upstream.conf", $$"""
            upstream recorder_api {
                zone recorder_api 64k;
                least_conn;
                {{string.Join("\n    ", apiPorts.Select(api => $"server 127.0.0.1:{api} max_fails=2 fail_timeout=5s;"))}}
                {{string.Join("\n    ", apiPorts.Select(api => $"server 127.0.0.1:{api} max_fails=0 backup;"))}}
                keepalive 32;
                keepalive_timeout 30s;
            }

            """);
        // SIGTERM: the workers go with the master, also when this process was killed.
        return new ChildSpec("nginx", program, ["-p", folder.Path, "-c", folder["nginx.conf"], "-e", "stderr", "-g", "daemon off;"]) { LogFile = logFile, DeathSignal = Signal.Terminate };
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"nginx/{name}")!);
        return reader.ReadToEnd();
    }
}
