namespace OrleansRecorder.Cameras.Clips;

/// <summary>Everything that a camera's clip depends on: cameras of one format share one file.</summary>
internal sealed record ClipFormat(int Camera, VideoCodec Codec, int Width, int Height, int FrameRate, int KeyFrameInterval, int BitRate)
{
    private const int ShortestSeconds = 4;
    private const int LongestSeconds = 60;
    private const int ClockRate = 90_000;

    /// <summary>Goes up whenever a change here makes other clips from the same format.</summary>
    public const int Version = 1;

    /// <summary>Pictures between two others that are decoded after both.</summary>
    public int BFrames { get; init; }

    /// <summary>Frames a second in the second half, or null: as in the first.</summary>
    public int? SlowFrameRate { get; init; }

    /// <summary>Whole seconds, and where it can be a whole number of groups of pictures, so that the loop's joint shows in nothing but the counter.</summary>
    public int Seconds { get; init; } = Enumerable.Range(ShortestSeconds, LongestSeconds - ShortestSeconds)
        .FirstOrDefault(s => s * FrameRate % KeyFrameInterval == 0, Math.Max(ShortestSeconds, (KeyFrameInterval + FrameRate - 1) / FrameRate));

    /// <summary>Frames in the clip: the counter runs from 0 to one less.</summary>
    public int FrameCount => FastFrames + ((Seconds - FastSeconds) * (SlowFrameRate ?? FrameRate));

    /// <summary>The clip's name in the cache.</summary>
    public string FileName => $"cam{Camera}-{Width}x{Height}-{FrameRate}fps{(SlowFrameRate is { } slow ? $"-{slow}fps" : "")}-gop{KeyFrameInterval}"
        + $"{(BFrames > 0 ? $"-{BFrames}b" : "")}-{BitRate}bps.{(Codec switch { VideoCodec.H264 => "h264", VideoCodec.H265 => "h265", _ => "mjpeg" })}";

    public static ClipFormat Of(CameraOptions options) => new(options.Number, options.Codec, options.Width, options.Height, options.FrameRate,
        options.KeyFrameInterval ?? options.FrameRate, options.BitRate) { BFrames = options.BFrames, SlowFrameRate = options.Quirks.Packets.SlowFrameRate };

    /// <summary>When a frame is seen, in units of 1/90000 s; frames are numbered as they are seen.</summary>
    public long TimeOf(int frame) => frame <= FastFrames || SlowFrameRate is not { } slow
        ? (long)frame * ClockRate / FrameRate
        : ((long)FastSeconds * ClockRate) + ((long)(frame - FastFrames) * ClockRate / slow);

    /// <summary>Which frame is the <paramref name="index"/>th to be decoded: pictures between two others come after both.</summary>
    public int FrameDecodedAt(int index)
    {
        var inGroup = index % KeyFrameInterval;
        if (inGroup == 0) return index;
        var (run, place) = Math.DivRem(inGroup - 1, BFrames + 1);
        return index - inGroup + (run * (BFrames + 1)) + (place == 0 ? BFrames + 1 : place);
    }

    private int FastSeconds => SlowFrameRate is null ? Seconds : Seconds / 2;

    private int FastFrames => FastSeconds * FrameRate;
}
