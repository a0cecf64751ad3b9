namespace OrleansRecorder.Cameras;

/// <summary>The video codec of a camera.</summary>
public enum VideoCodec
{
    /// <summary>H.264, sent as RFC 6184 says (packetization mode 1).</summary>
    H264,

    /// <summary>H.265, sent as RFC 7798 says.</summary>
    H265,

    /// <summary>Motion JPEG, sent as RFC 2435 says; every frame is a key frame.</summary>
    Mjpeg
}
