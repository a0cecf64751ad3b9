namespace OrleansRecorder.Cameras;

/// <summary>The sound of a camera.</summary>
public enum AudioCodec
{
    /// <summary>Video only.</summary>
    None,

    /// <summary>AAC-LC, 16 kHz mono, sent as RFC 3640 says (AAC-hbr).</summary>
    Aac,

    /// <summary>G.711 A-law, 8 kHz mono, payload type 8 of RFC 3551.</summary>
    G711
}
