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

    /// <summary>The samples bring their parameter sets themselves; the header has those of the first one.</summary>
    public bool HasSetsInBand { get; init; }

    /// <summary>Whether pictures of the next format need no other decoder, only other parameter sets at most.</summary>
    public bool HasDecoderOf(VideoFormat next) => Width == next.Width && Height == next.Height && Profile == next.Profile;

    /// <summary>
    /// Whether pictures of the next format may follow in the same file: a decoder that knows its header can decode them, or they bring what it lacks. Sets that
    /// come again or in another order change nothing.
    /// </summary>
    public bool MayContinueAs(VideoFormat next) => ReferenceEquals(this, next) || (HasDecoderOf(next) && (HasSetsInBand || HasSetsOf(next)));

    private bool HasSetsOf(VideoFormat next)
    {
        foreach (var set in new AnnexB(next.Extradata))
        {
            if (!Has(set)) return false;
        }

        return true;
    }

    private bool Has(ReadOnlySpan<byte> set)
    {
        foreach (var own in new AnnexB(Extradata))
        {
            if (own.SequenceEqual(set)) return true;
        }

        return false;
    }
}
