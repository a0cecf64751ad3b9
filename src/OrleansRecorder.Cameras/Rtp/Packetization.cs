namespace OrleansRecorder.Cameras.Rtp;

/// <summary>How a clip is cut into packets.</summary>
/// <param name="PayloadType">The RTP payload type.</param>
/// <param name="Size">Payload bytes of a packet at most.</param>
internal sealed record Packetization(int PayloadType = 96, int Size = RtpTrackBuilder.MaximumPayload)
{
    /// <summary>The description has no parameter sets.</summary>
    public bool HidesParameterSets { get; init; }

    /// <inheritdoc cref="PacketQuirks.OmitsParameterSets"/>
    public bool OmitsParameterSets { get; init; }

    /// <inheritdoc cref="PacketQuirks.HasDelimiters"/>
    public bool HasDelimiters { get; init; }

    /// <inheritdoc cref="PacketQuirks.HasHeaderExtension"/>
    public bool HasHeaderExtension { get; init; }

    public static Packetization Of(CameraOptions camera) => new(camera.Quirks.Description.VideoPayloadType, camera.Quirks.Packets.Size)
    {
        HidesParameterSets = camera.Quirks.Description.OmitsParameterSets,
        OmitsParameterSets = camera.Quirks.Packets.OmitsParameterSets,
        HasDelimiters = camera.Quirks.Packets.HasDelimiters,
        HasHeaderExtension = camera.Quirks.Packets.HasHeaderExtension,
    };
}
