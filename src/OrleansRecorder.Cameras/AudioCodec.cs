namespace OrleansRecorder.Cameras;

/// <summary>The sound of a camera.</summary>
public enum AudioCodec
{
    /// <summary>Video only.</summary>
    None,

    /// <summary>AAC-LC, 16 kHz mono, sent as RFC 3640 says (AAC-hbr).</summary>
    Aac,

    /// <summary>G.711 A-law, 8 kHz mono, payload type 8 of RFC 3551.</summary>
    G711,

    /// <summary>G.711 µ-law, 8 kHz mono, payload type 0 of RFC 3551.</summary>
    G711Mu,

    /// <summary>G.726 of 32 kb/s, 8 kHz mono, as RFC 3551 packs it.</summary>
    G726,

    /// <summary>G.726 of 32 kb/s, 8 kHz mono, packed the other way round (<c>AAL2-G726-32</c>).</summary>
    G726Aal2,

    /// <summary>AAC-LC, 16 kHz mono, sent as RFC 6416 says (LATM).</summary>
    Latm,

    /// <summary>Opus, 48 kHz, 20 ms a packet (RFC 7587).</summary>
    Opus
}
