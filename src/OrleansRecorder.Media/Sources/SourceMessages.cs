using System.Globalization;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Sources;

/// <summary>Each cause in words, naming the host and the way out, never the credentials.</summary>
internal static class SourceMessages
{
    /// <summary>The sentence for the end of a connection.</summary>
    public static LocalizedText For(Diagnosis diagnosis, SourceRequest request)
    {
        var at = Authority(request.Url);
        return diagnosis.Cause switch
        {
            CaptureCause.Authentication => Authentication(diagnosis, at),
            _ when Trouble(diagnosis, at) is { } message => message,
            CaptureCause.Negotiation or CaptureCause.NotFound or CaptureCause.Busy or CaptureCause.ConnectTimeout when diagnosis.Status > 0 => Refusal(diagnosis, request.Url, at),
            CaptureCause.ConnectTimeout => new($"{at} 在 {Seconds(request.ConnectionTimeout)} 秒内没有应答；请检查地址、防火墙，或增大 connection_timeout_seconds",
                $"{at} gave no answer within {Seconds(request.ConnectionTimeout)} s. Check the address and firewalls, or raise connection_timeout_seconds."),
            CaptureCause.NoMedia => new($"{at} 接受了播放请求，但 {Seconds(request.ReadTimeout)} 秒内没有视频数据；请检查摄像机的码流设置",
                $"{at} accepted the request to play but sent no picture within {Seconds(request.ReadTimeout)} s. Check the camera's stream settings."),
            CaptureCause.Stalled => new($"{at} 连接仍在，但视频数据中断超过 {Seconds(request.ReadTimeout)} 秒",
                $"{at} is still connected, but no picture came for {Seconds(request.ReadTimeout)} s (read_timeout_seconds)."),
            CaptureCause.NoKeyFrame => new($"{at} 在 {Seconds(request.KeyFrameTimeout)} 秒内没有关键帧；请缩短摄像机的关键帧间隔，或增大 keyframe_timeout_seconds",
                $"{at} sends pictures, but no key frame came within {Seconds(request.KeyFrameTimeout)} s. Shorten the camera's key frame interval, or raise keyframe_timeout_seconds."),
            CaptureCause.UnsupportedCodec when diagnosis.Codec is { } codec => new($"{at} 的视频编码是 {codec}，无法录制；请改用 H.264 或 H.265",
                $"The video codec of {at} is {codec}, which cannot be recorded. Set the camera to H.264 or H.265."),
            _ => For(diagnosis.Cause, request.Url, at),
        };
    }

    /// <summary>Host and port, as a person would look for them.</summary>
    public static string Authority(StreamUrl url) => $"{url.Host}:{url.Port ?? DefaultPort(url.Scheme)}";

    private static LocalizedText For(CaptureCause cause, StreamUrl url, string at) => cause switch
    {
        CaptureCause.BadUrl => new($"地址 {url} 无法使用；请使用 rtsp://主机:端口/路径 的形式", $"The address {url} cannot be used. Write it as rtsp://host:port/path."),
        CaptureCause.NameNotFound => new($"找不到主机名 {url.Host}；请检查拼写和 DNS", $"The host name {url.Host} has no address. Check its spelling and the DNS."),
        CaptureCause.Refused => new($"{at} 拒绝连接：该端口没有服务；请检查端口以及摄像机的 RTSP 是否开启", $"{at} refuses the connection: nothing listens there. Check the port, and that the camera's RTSP is switched on."),
        CaptureCause.Unreachable => new($"无法到达 {at}：没有路由；请检查网络、网关和摄像机电源", $"There is no route to {at}. Check the network, the gateway and the camera's power."),
        CaptureCause.Tls => new($"与 {at} 的 TLS 协商失败或证书不受信任；请检查证书和端口，自签名证书请设置 accept_any_certificate", $"TLS with {at} could not be agreed, or its certificate is not trusted. Check certificate and port; for a camera that signed its own, set accept_any_certificate."),
        CaptureCause.Protocol => new($"{at} 的应答不是有效的流协议；请检查端口是否为 RTSP 端口", $"What {at} answers is not a stream. Check that this is its RTSP port."),
        CaptureCause.Disconnected => new($"{at} 断开了连接", $"{at} closed the connection."),
        CaptureCause.UnsupportedCodec => new($"{at} 的视频编码无法存入 MP4；请改用 H.264 或 H.265", $"The video codec of {at} cannot be stored in MP4. Set the camera to H.264 or H.265."),
        _ => new($"{at}：连接结束", $"{at}: the connection ended."),
    };

    private static LocalizedText? Trouble(Diagnosis diagnosis, string at) => diagnosis.Trouble switch
    {
        SourceTrouble.NoDescription => new($"{at} 的码流描述为空；请检查该通道是否已接入", $"{at} describes no stream. Check that something is connected to this channel."),
        SourceTrouble.NoVideo => new($"{at} 的码流中没有视频；请检查路径和摄像机的码流设置", $"The stream of {at} holds no picture. Check the path and the camera's stream settings."),
        SourceTrouble.NotRtsp => new($"{at} 应答的不是 RTSP；请检查端口", $"What answers at {at} is not RTSP. Check the port."),
        SourceTrouble.TooLong => new($"{at} 的应答超过允许的长度", $"What {at} answers is longer than any stream's description."),
        SourceTrouble.FramingLost => new($"{at} 的数据错乱，无法恢复", $"The data of {at} turned into noise that nothing could be found in."),
        SourceTrouble.RedirectEndless => new($"{at} 不断重定向；请直接使用最终地址", $"{at} redirects without end. Use the stream's own address."),
        SourceTrouble.RedirectNowhere => new($"{at} 重定向到无效的地址", $"{at} redirects to an address that cannot be used."),
        SourceTrouble.RedirectToPlain => new($"{at} 要求从加密连接转到未加密的地址，已拒绝", $"{at} redirects from TLS to a connection without it, which is refused."),
        SourceTrouble.NoTransport => new($"{at} 既不接受 TCP 传输也不接受 UDP 传输；请检查摄像机的 RTSP 传输设置", $"{at} agrees neither to TCP nor to UDP. Check the camera's RTSP transport settings."),
        SourceTrouble.NoPorts => new($"没有可用的 UDP 端口接收 {at} 的数据", $"There are no UDP ports left to receive from {at}."),
        SourceTrouble.UdpSilent => new($"{at} 只支持 UDP 传输，但收不到 UDP 数据；请检查防火墙，或在摄像机上启用 RTSP over TCP", $"{at} sends by UDP only, and none of it arrives. Check the firewalls between, or allow RTSP over TCP in the camera."),
        SourceTrouble.NoReply => new($"{at} 没有及时应答 {diagnosis.Method} 请求；请检查摄像机是否过载", $"{at} did not answer {diagnosis.Method} in time. Check whether the camera is overloaded."),
        _ => null,
    };

    private static LocalizedText Authentication(Diagnosis diagnosis, string at) => diagnosis.Trouble switch
    {
        SourceTrouble.NoCredentials => new($"{at} 要求用户名和密码，但地址中没有；请写成 rtsp://用户:密码@主机/…", $"{at} asks for a user name and password, and the address has none. Write rtsp://user:password@host/…"),
        SourceTrouble.Sha256Only => new($"{at} 只接受 SHA-256 摘要认证，FFmpeg 不支持；请去掉 \"ingest\": \"ffmpeg\"，或在摄像机上启用 MD5 摘要认证", $"{at} accepts SHA-256 digests only, which FFmpeg cannot make. Take \"ingest\": \"ffmpeg\" away, or allow MD5 digests in the camera."),
        SourceTrouble.UnknownLogin => new($"{at} 只提供不支持的认证方式；请在摄像机上启用 Digest 认证", $"{at} offers only ways to log in that are not supported. Allow digest authentication in the camera."),
        _ when diagnosis.Status == 403 => new($"{at} 禁止访问（403）；请检查该用户的权限", $"{at} says that this user may not see the stream (403). Check the user's rights."),
        _ => new($"{at} 拒绝了用户名或密码（{diagnosis.Status}）；为避免锁定账户不再重试", $"{at} does not accept the user name or password ({diagnosis.Status}). Not tried again, since cameras lock accounts."),
    };

    private static LocalizedText Refusal(Diagnosis diagnosis, StreamUrl url, string at) => diagnosis.Cause switch
    {
        CaptureCause.NotFound => new($"{at} 上没有 {url.PathWithoutCredentials}（{diagnosis.Status}）；请检查路径和通道号", $"{at} knows no {url.PathWithoutCredentials} ({diagnosis.Status}). Check the path and the channel number."),
        CaptureCause.Busy => new($"{at} 暂时无法提供服务（{diagnosis.Status}）；可能连接数已满", $"{at} cannot serve now ({diagnosis.Status}); it may have reached its number of connections."),
        _ when diagnosis.Method is { } method => new($"{at} 拒绝了 {method} 请求（{diagnosis.Status}）", $"{at} refuses {method} ({diagnosis.Status})."),
        _ => new($"{at} 拒绝了请求（{diagnosis.Status}）", $"{at} refuses the request ({diagnosis.Status})."),
    };

    private static int DefaultPort(string scheme) => scheme switch
    {
        "rtsps" => 322,
        "rtmp" or "rtmps" => 1935,
        "http" => 80,
        "https" => 443,
        _ => 554,
    };

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
}
