using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>What a report says of recordings that lack something.</summary>
internal static class CaptureWarnings
{
    /// <summary>The first sound came after the file's header.</summary>
    public static LocalizedText SoundCameLate { get; } = new("音频未及时到达，文件只包含视频", "The announced sound did not come in time; the file holds the picture only.");

    /// <summary>Pictures come, but no file can begin with them.</summary>
    public static LocalizedText NothingToBeginWith { get; } = new("收到视频，但没有可用的关键帧或编码参数（SPS/PPS）；请缩短摄像机的关键帧间隔",
        "Pictures come, but no key frame with its parameter sets (SPS, PPS) among them. Shorten the camera's key frame interval.");

    /// <summary>MP4 cannot hold the camera's sound.</summary>
    public static LocalizedText SoundEncoded(string codec) => new($"音频 {codec} 无法存入 MP4，已转换为 AAC", $"MP4 cannot hold the camera's {codec} sound; it was encoded as AAC.");

    /// <summary>The sound was left out.</summary>
    public static LocalizedText SoundFailed(string codec) => new($"音频 {codec} 无法录制，文件只包含视频", $"The camera's {codec} sound could not be stored; the file holds the picture only.");

    /// <summary>The camera offers sound that never became a track.</summary>
    public static LocalizedText SoundLeftOut(LeftOutSound sound) => sound switch
    {
        { Refusal: > 0 } => new($"摄像机拒绝发送音频（{sound.Refusal}），文件只包含视频", $"The camera refuses to send its sound ({sound.Refusal}); the file holds the picture only."),
        { Codec: { } codec } => new($"摄像机的音频编码是 {codec}，无法录制，文件只包含视频；请改用 AAC 或 G.711",
            $"The camera's sound is {codec}, which cannot be recorded; the file holds the picture only. Set it to AAC or G.711."),
        _ => new("摄像机对音频的描述无法识别，文件只包含视频；请检查摄像机的音频设置", "What the camera says of its sound makes no sense; the file holds the picture only. Check its audio settings."),
    };

    /// <summary>Packets never came.</summary>
    public static LocalizedText PacketsLost(long packets) => new($"网络丢失 {packets} 个数据包，受损的画面已略去", $"{packets} packets were lost on the way; the pictures that they damaged were left out.");

    /// <summary>The disk was too far behind.</summary>
    public static LocalizedText PicturesLeftOut(long pictures) => new($"磁盘写入过慢，{pictures} 幅画面未能录制", $"The disk was too slow: {pictures} pictures were not recorded.");

    /// <summary>The disk or the encoder was too far behind.</summary>
    public static LocalizedText SoundLeftOut(long packets) =>
        new($"磁盘写入或音频转换过慢，{packets} 个音频数据包未能录制", $"The disk or the encoder was too slow: {packets} packets of sound were not recorded.");

    /// <summary>No header can hold them.</summary>
    public static LocalizedText SetsLeftOut(long sets) => new($"摄像机发送了 {sets} 个损坏的编码参数集（超过 64 KB），已忽略",
        $"{sets} parameter sets of the camera were damaged (longer than 64 KB) and left out.");

    /// <summary>The disk has not taken what it was given.</summary>
    public static LocalizedText DiskHangs { get; } = new("磁盘没有响应，录像文件未能完成；磁盘恢复后将自动找回", "The disk does not answer, and the recording could not be finished. What is on the disk is recovered later.");
}
