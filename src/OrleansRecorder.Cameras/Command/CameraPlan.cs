using System.Globalization;
using System.Net;

namespace OrleansRecorder.Cameras.Command;

/// <summary>What <see cref="CameraSettings"/> ask for, checked.</summary>
internal sealed record CameraPlan(CameraServerOptions Server, IReadOnlyList<CameraOptions> Cameras)
{
    /// <summary>Reads the settings; returns null, and adds every problem to <paramref name="problems"/>, each naming its option.</summary>
    public static CameraPlan? Of(CameraSettings settings, List<string> problems)
    {
        if (settings.Count is < 1 or > ushort.MaxValue) problems.Add($"--count must be 1 to 65535, not {settings.Count}");
        CheckPort("--port", settings.Port);
        CheckPort("--stats-port", settings.StatsPort ?? 0);
        if (!IPAddress.TryParse(settings.Listen, out var listen)) problems.Add($"--listen must be an IP address such as 127.0.0.1 or 0.0.0.0, not '{settings.Listen}'");
        if (!(settings.ClientStallSeconds is >= 0.1 and <= 86400)) problems.Add($"--client-stall must be 0.1 to 86400 seconds, not {settings.ClientStallSeconds}");
        var rules = settings.Faults.Select(text => Rule(text, problems)).OfType<CameraFaultRule>().Reverse().ToList();
        var camera = Camera(settings, problems);
        if (problems.Count > 0) return null;

        var cameras = Enumerable.Range(1, settings.Count)
            .Select(number => camera with { Number = number, Fault = rules.Find(r => r.AppliesTo(number))?.Fault ?? CameraFault.None });
        var server = new CameraServerOptions
        {
            Listen = listen!,
            Port = settings.Port,
            Host = settings.Host,
            CacheFolder = settings.CacheFolder,
            ClientStallTimeout = TimeSpan.FromSeconds(settings.ClientStallSeconds)
        };
        return new CameraPlan(server, [.. cameras]);

        void CheckPort(string option, int port)
        {
            if (port is < 0 or > ushort.MaxValue) problems.Add($"{option} must be 0 to 65535, not {port}");
        }
    }

    private static CameraOptions Camera(CameraSettings settings, List<string> problems)
    {
        var size = settings.Size.Split('x');
        if (size.Length != 2 || !TryParse(size[0], out var width) || !TryParse(size[1], out var height))
        {
            problems.Add($"--size must be such as 320x240, not '{settings.Size}'");
            (width, height) = (320, 240);
        }

        var camera = new CameraOptions
        {
            Number = 1,
            Codec = Choice("--codec", settings.Codec, problems, ("h264", VideoCodec.H264), ("h265", VideoCodec.H265), ("mjpeg", VideoCodec.Mjpeg)),
            Audio = Choice("--audio", settings.Audio, problems, ("aac", AudioCodec.Aac), ("latm", AudioCodec.Latm), ("opus", AudioCodec.Opus),
                ("g711", AudioCodec.G711), ("g711mu", AudioCodec.G711Mu), ("g726", AudioCodec.G726), ("none", AudioCodec.None)),
            BitRate = BitRate(settings.BitRate, problems),
            FrameRate = settings.FrameRate,
            KeyFrameInterval = settings.KeyFrameInterval,
            Width = width,
            Height = height,
            User = settings.User,
            Password = settings.Password
        };
        problems.AddRange(camera.Problems());
        return camera;
    }

    private static CameraFaultRule? Rule(string text, List<string> problems)
    {
        if (CameraFaultRule.TryParse(text, out var rule, out var error)) return rule;
        problems.Add($"--fault {text}: {error}");
        return null;
    }

    private static T Choice<T>(string option, string text, List<string> problems, params (string Name, T Value)[] choices)
    {
        var at = Array.FindIndex(choices, c => c.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (at >= 0) return choices[at].Value;
        problems.Add($"{option} must be {string.Join(" or ", choices.Select(c => c.Name))}, not '{text}'");
        return choices[0].Value;
    }

    private static int BitRate(string text, List<string> problems)
    {
        var unit = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1_000, 'm' => 1_000_000, _ => 1 };
        var number = unit == 1 ? text : text[..^1];
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * unit <= int.MaxValue) return (int)(value * unit);
        problems.Add($"--bitrate must be bits a second such as 1000000, 500k or 2M, not '{text}'");
        return 1_000_000;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
