namespace OrleansRecorder.Media.Rtsp.Descriptions;

/// <summary>The payload types that need no rtpmap (RFC 3551, 6).</summary>
internal static class PayloadTypes
{
    /// <summary>Name, clock and channels; null for a number without a meaning of its own.</summary>
    public static (string Encoding, int ClockRate, int Channels)? Static(int payloadType) => payloadType switch
    {
        0 => ("PCMU", 8000, 1),
        2 => ("G726-32", 8000, 1),
        3 => ("GSM", 8000, 1),
        4 => ("G723", 8000, 1),
        5 => ("DVI4", 8000, 1),
        6 => ("DVI4", 16000, 1),
        7 => ("LPC", 8000, 1),
        8 => ("PCMA", 8000, 1),
        9 => ("G722", 8000, 1),
        10 => ("L16", 44100, 2),
        11 => ("L16", 44100, 1),
        12 => ("QCELP", 8000, 1),
        14 => ("MPA", 90000, 1),
        15 => ("G728", 8000, 1),
        16 => ("DVI4", 11025, 1),
        17 => ("DVI4", 22050, 1),
        18 => ("G729", 8000, 1),
        25 => ("CELB", 90000, 0),
        26 => ("JPEG", 90000, 0),
        28 => ("NV", 90000, 0),
        31 => ("H261", 90000, 0),
        32 => ("MPV", 90000, 0),
        33 => ("MP2T", 90000, 0),
        34 => ("H263", 90000, 0),
        _ => null,
    };
}
