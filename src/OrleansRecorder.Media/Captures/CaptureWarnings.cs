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
}
