namespace OrleansRecorder.Cameras.Clips;

/// <summary>Everything that a camera's clip depends on: cameras of one format share one file.</summary>
internal sealed record ClipFormat(int Camera, VideoCodec Codec, int Width, int Height, int FrameRate, int KeyFrameInterval, int BitRate)
{
    private const int ShortestSeconds = 4;
    private const int LongestSeconds = 60;

    /// <summary>Goes up whenever a change here makes other clips from the same format.</summary>
    public const int Version = 1;

    /// <summary>Whole seconds, and where it can be a whole number of groups of pictures, so that the loop's joint shows in nothing but the counter.</summary>
    public int Seconds { get; } = Enumerable.Range(ShortestSeconds, LongestSeconds - ShortestSeconds)
        .FirstOrDefault(s => s * FrameRate % KeyFrameInterval == 0, Math.Max(ShortestSeconds, (KeyFrameInterval + FrameRate - 1) / FrameRate));

    /// <summary>Frames in the clip: the counter runs from 0 to one less.</summary>
    public int FrameCount => Seconds * FrameRate;

    /// <summary>The clip's name in the cache.</summary>
    public string FileName => $"cam{Camera}-{Width}x{Height}-{FrameRate}fps-gop{KeyFrameInterval}-{BitRate}bps.{(Codec == VideoCodec.H264 ? "h264" : "h265")}";

    public static ClipFormat Of(CameraOptions options) => new(options.Number, options.Codec, options.Width, options.Height, options.FrameRate,
        options.KeyFrameInterval ?? options.FrameRate, options.BitRate);
}
