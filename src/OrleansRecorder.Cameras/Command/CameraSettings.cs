namespace OrleansRecorder.Cameras;

/// <summary>The options of <c>recorder camera</c>, as they are given on the command line; <see cref="CameraProgram"/> checks them.</summary>
public sealed record CameraSettings
{
    /// <summary><c>--count</c>: how many cameras, numbered from 1.</summary>
    public int Count { get; init; } = 4;

    /// <summary><c>--port</c>: the TCP port; 0: a free one.</summary>
    public int Port { get; init; } = 8554;

    /// <summary><c>--listen</c>: the address to listen on.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary><c>--host</c>: the name or address in the cameras' addresses; null: that of <see cref="Listen"/>.</summary>
    public string? Host { get; init; }

    /// <summary><c>--fault</c>, any number of times: <c>stall:8</c>, <c>3=401</c>, <c>5-9=loss:2</c>; of several for one camera the last one counts.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary><c>--codec</c>: <c>h264</c>, <c>h265</c> or <c>mjpeg</c>.</summary>
    public string Codec { get; init; } = "h264";

    /// <summary><c>--audio</c>: <c>aac</c>, <c>latm</c>, <c>opus</c>, <c>g711</c>, <c>g711mu</c>, <c>g726</c> or <c>none</c>.</summary>
    public string Audio { get; init; } = "aac";

    /// <summary><c>--bitrate</c>: bits a second of video, such as <c>1000000</c>, <c>500k</c> or <c>2M</c>.</summary>
    public string BitRate { get; init; } = "1M";

    /// <summary><c>--fps</c>: frames a second.</summary>
    public int FrameRate { get; init; } = 25;

    /// <summary><c>--size</c>: width and height, such as <c>320x240</c>.</summary>
    public string Size { get; init; } = "320x240";

    /// <summary><c>--gop</c>: frames from one key frame to the next; null: a second's worth.</summary>
    public int? KeyFrameInterval { get; init; }

    /// <summary><c>--user</c>: who must log in (Digest), or null.</summary>
    public string? User { get; init; }

    /// <summary><c>--password</c>: the user's password.</summary>
    public string Password { get; init; } = "";

    /// <summary><c>--client-stall</c>: seconds after which a client that takes nothing is reset, 0.1 to 86400.</summary>
    public double ClientStallSeconds { get; init; } = 5;

    /// <summary><c>--stats-port</c>: the port of <c>/stats</c> and <c>/cameras/N/fault</c> over HTTP; null: none; 0: a free one.</summary>
    public int? StatsPort { get; init; }

    /// <summary><c>--cache</c>: where clips are kept; null: <c>orleans-recorder</c> in <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary><c>--json</c>: where to write a configuration that records all these cameras; null: nowhere.</summary>
    public string? ConfigurationFile { get; init; }
}
