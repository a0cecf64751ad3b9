using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Mp4;

/// <summary>What a file says of a track, apart from its samples.</summary>
internal sealed record TrackHeader
{
    /// <summary>From 1.</summary>
    public required uint Id { get; init; }

    /// <summary>Pictures; else sound.</summary>
    public required bool IsVideo { get; init; }

    /// <summary>Units a second of its times.</summary>
    public required uint Timescale { get; init; }

    /// <summary>Pixels; 0 for sound.</summary>
    public int Width { get; init; }

    /// <summary>Pixels; 0 for sound.</summary>
    public int Height { get; init; }

    /// <summary>The body of its <c>stsd</c> (ISO 14496-12, 8.5.2), version and flags included: one entry.</summary>
    public required byte[] SampleDescription { get; init; }

    /// <summary>A track of pictures.</summary>
    /// <exception cref="NotSupportedException">MP4 cannot hold this codec.</exception>
    public static TrackHeader Of(uint id, VideoFormat format) => new()
    {
        Id = id, IsVideo = true, Timescale = Mp4Writer.VideoClock, Width = format.Width, Height = format.Height, SampleDescription = SampleEntries.Describe(format),
    };

    /// <summary>A track of sound.</summary>
    /// <exception cref="NotSupportedException">MP4 cannot hold this codec.</exception>
    public static TrackHeader Of(uint id, AudioFormat format) => new()
    {
        Id = id, IsVideo = false, Timescale = (uint)format.SampleRate, SampleDescription = SampleEntries.Describe(format),
    };

    /// <summary>
    /// Media time, which is never below 0 (tfdt has no sign): pictures that are decoded before the file's beginning move all of their track, and its edit list
    /// moves what is seen back again.
    /// </summary>
    /// <param name="decode">Since the file's beginning.</param>
    /// <param name="origin">The first sample's decoding time since the file's beginning.</param>
    public long ToMediaTime(long decode, long origin) => decode - Math.Min(origin, 0);
}
