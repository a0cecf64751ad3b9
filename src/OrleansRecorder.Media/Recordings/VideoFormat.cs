namespace OrleansRecorder.Media.Recordings;

/// <summary>What a file must say about its picture.</summary>
internal sealed record VideoFormat
{
    /// <summary>FFmpeg's short name.</summary>
    public required string Codec { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Parameter sets as Annex B, or what else FFmpeg calls extradata.</summary>
    public required byte[] Extradata { get; init; }

    /// <summary>See <see cref="SequenceParameters.Profile"/>.</summary>
    public long Profile { get; init; }

    /// <summary>See <see cref="SequenceParameters.ReorderDepth"/>.</summary>
    public int? ReorderDepth { get; init; }

    /// <summary>
    /// Whether pictures of the next format may follow in the same file. H.264 carries its sets in the samples too, so that only a different
    /// decoder needs a new file; H.265 as hvc1 has them in the header alone.
    /// </summary>
    public bool MayContinueAs(VideoFormat next) =>
        ReferenceEquals(this, next)
        || (Width == next.Width && Height == next.Height && Profile == next.Profile
            && (Codec == "h264" || Extradata.AsSpan().SequenceEqual(next.Extradata)));
}
