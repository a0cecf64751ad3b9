namespace OrleansRecorder.Cameras;

/// <summary>How the session description differs.</summary>
public sealed record DescriptionQuirks
{
    /// <summary>The names of the tracks, video first, as <c>a=control</c> has them.</summary>
    public IReadOnlyList<string> TrackNames { get; init; } = ["track1", "track2"];

    /// <summary>What follows each name, such as <c>?transportmode=unicast</c>. Requests must repeat it byte for byte.</summary>
    public string TrackQuery { get; init; } = "";

    /// <summary><c>a=control</c> holds whole addresses, which SETUP must repeat byte for byte.</summary>
    public bool HasAbsoluteControls { get; init; }

    /// <summary>RTP payload type of the video.</summary>
    public int VideoPayloadType { get; init; } = 96;

    /// <summary>RTP payload type of sound that has none of its own (G.711 has).</summary>
    public int AudioPayloadType { get; init; } = 97;

    /// <summary>The parameter sets are not in it, only in the stream.</summary>
    public bool OmitsParameterSets { get; init; }

    /// <summary>Lines, without line ends, of media that nobody should want; they stand behind the camera's own.</summary>
    public IReadOnlyList<string> ExtraMedia { get; init; } = [];

    /// <summary>The <c>o=</c> line without <c>o=</c>, or null.</summary>
    public string? Origin { get; init; }

    /// <summary>The <c>c=</c> line without <c>c=</c>, or null.</summary>
    public string? Connection { get; init; }

    /// <summary>Nothing before the first <c>m=</c>.</summary>
    public bool BeginsWithMedia { get; init; }
}
