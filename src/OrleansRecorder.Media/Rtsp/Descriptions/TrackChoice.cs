using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp.Descriptions;

/// <summary>Which media to set up: the first picture and the first sound that can be recorded, never the loudspeaker's.</summary>
internal static class TrackChoice
{
    private const int LongestName = 32;

    /// <summary>The media to set up, in the order of the description; empty when there is no picture, and then why.</summary>
    /// <param name="description">What there is.</param>
    /// <param name="supports">Whether a format can be recorded.</param>
    /// <param name="all">Take the others too, unrecorded: there are cameras that send nothing until everything is set up.</param>
    public static (IReadOnlyList<(MediaDescription Media, bool IsRecorded)> Media, Diagnosis? Trouble) Choose(SessionDescription description, Func<MediaDescription, bool> supports, bool all)
    {
        var offers = description.Media.Where(offer => !offer.First.IsSendOnly).ToList();
        var video = First(offers, "video", supports);
        if (video is null)
        {
            if (offers.Find(offer => offer.First.Kind == "video") is { } other) return ([], new Diagnosis(CaptureCause.UnsupportedCodec, 0, null, Codec: Printable(other.First.Encoding)));
            return ([], new Diagnosis(CaptureCause.NoMedia, 0, description.HasMediaLines ? SourceTrouble.NoVideo : SourceTrouble.NoDescription));
        }

        var sound = First(offers, "audio", supports);
        var chosen = new List<(MediaDescription, bool)>();
        foreach (var offer in offers)
        {
            if (offer == video.Value.Offer) chosen.Add((video.Value.Media, true));
            else if (sound is { } track && offer == track.Offer) chosen.Add((track.Media, true));
            else if (all) chosen.Add((offer.First, false));
        }

        return (chosen, null);
    }

    /// <summary>Whether there is more to set up than <see cref="Choose"/> takes at first.</summary>
    public static bool HasMore(SessionDescription description, int chosen) => description.Media.Count(offer => !offer.First.IsSendOnly) > chosen;

    /// <summary>The sound that there is and that is not among the chosen media; null when none is left out.</summary>
    public static LeftOutSound? SoundLeftOut(SessionDescription description, IReadOnlyList<(MediaDescription Media, bool IsRecorded)> chosen)
    {
        if (chosen.Any(track => track is { IsRecorded: true, Media.Kind: "audio" })) return null;
        var offer = description.Media.FirstOrDefault(offer => offer.First is { Kind: "audio", IsSendOnly: false });
        return offer is not null || description.HasUnusableSound ? new LeftOutSound(Printable(offer?.First.Encoding ?? "")) : null;
    }

    /// <summary>The name of a codec, if it is one that people can read: it comes from the server.</summary>
    public static string? Printable(string encoding) =>
        encoding.Length is > 0 and <= LongestName && encoding.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') ? encoding : null;

    private static (MediaOffer Offer, MediaDescription Media)? First(List<MediaOffer> offers, string kind, Func<MediaDescription, bool> supports)
    {
        foreach (var offer in offers)
        {
            if (offer.First.Kind == kind && offer.Formats.FirstOrDefault(supports) is { } media) return (offer, media);
        }

        return null;
    }
}
