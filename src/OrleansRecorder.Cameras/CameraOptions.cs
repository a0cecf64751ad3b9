namespace OrleansRecorder.Cameras;

/// <summary>What one simulated camera is like.</summary>
public sealed record CameraOptions
{
    /// <summary>1 to 65535, unique in its server; in the address (<c>/cam/7</c>) and in every picture.</summary>
    public required int Number { get; init; }

    /// <inheritdoc cref="VideoCodec"/>
    public VideoCodec Codec { get; init; } = VideoCodec.H264;

    /// <inheritdoc cref="AudioCodec"/>
    public AudioCodec Audio { get; init; } = AudioCodec.Aac;

    /// <summary>Bits a second of the video, 32,000 to 50,000,000. Small pictures cannot use up high rates: about 4 bits a pixel is the most.</summary>
    public int BitRate { get; init; } = 1_000_000;

    /// <summary>Frames a second, 1 to 60.</summary>
    public int FrameRate { get; init; } = 25;

    /// <summary>Frames from one key frame to the next, 1 to 600; null: a second's worth.</summary>
    public int? KeyFrameInterval { get; init; }

    /// <summary>Even, 128 to 3840.</summary>
    public int Width { get; init; } = 320;

    /// <summary>Even, 96 to 2160.</summary>
    public int Height { get; init; } = 240;

    /// <summary>The user that must log in, or null: everybody may watch.</summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string Password { get; init; } = "";

    /// <inheritdoc cref="CameraAuthentication"/>
    public CameraAuthentication Authentication { get; init; }

    /// <summary>
    /// Pictures that are decoded after a later one, between two others: 0 to 3, all groups alike. The group of pictures must then hold one more than a multiple of
    /// one more than these.
    /// </summary>
    public int BFrames { get; init; }

    /// <inheritdoc cref="CameraQuirks"/>
    public CameraQuirks Quirks { get; init; } = CameraQuirks.None;

    /// <summary>What is wrong with the camera from the start.</summary>
    public CameraFault Fault { get; init; } = CameraFault.None;

    /// <summary>
    /// Gives the camera a TCP port of its own, so that <see cref="CameraFaultKind.Refuse"/> set at run time refuses connections as a
    /// camera without power does. Always so for a camera that starts with that fault.
    /// </summary>
    public bool OwnPort { get; init; }

    /// <summary>Every problem with these options, each naming the option; empty when they are fine.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(Number is >= 1 and <= ushort.MaxValue, $"number must be 1 to 65535, not {Number}");
        Check(BitRate is >= 32_000 and <= 50_000_000, $"bit rate must be 32000 to 50000000 bit/s, not {BitRate}");
        Check(FrameRate is >= 1 and <= 60, $"fps must be 1 to 60, not {FrameRate}");
        Check(KeyFrameInterval is null or (>= 1 and <= 600), $"gop must be 1 to 600 frames, not {KeyFrameInterval}");
        Check(Width is >= 128 and <= 3840 && Width % 2 == 0, $"width must be even, 128 to 3840, not {Width}");
        Check(Height is >= 96 and <= 2160 && Height % 2 == 0, $"height must be even, 96 to 2160, not {Height}");
        Check(User is null || (User.Length > 0 && !User.Contains(':')), "user must not be empty and holds no colon");
        Check(BFrames is >= 0 and <= 3, $"B-frames must be 0 to 3, not {BFrames}");
        Check(BFrames == 0 || (Codec != VideoCodec.Mjpeg && ((KeyFrameInterval ?? FrameRate) - 1) % (BFrames + 1) == 0), "the group of pictures does not fit the B-frames");
        Check(Quirks.Packets.Size is >= 100 and <= 60_000, $"packets must be 100 to 60000 bytes, not {Quirks.Packets.Size}");
        Check(Quirks.Packets.SlowFrameRate is null or (>= 1 and <= 60), $"the slow fps must be 1 to 60, not {Quirks.Packets.SlowFrameRate}");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds) problems.Add(problem);
        }
    }
}
