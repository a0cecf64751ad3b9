using OrleansRecorder.Cameras;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>What the files of a run hold.</summary>
/// <param name="Whole">Files that decode without an error, picture and sound, and lack no frame of what their camera sent but <see cref="Missing.MostAfter"/> at the end.</param>
/// <param name="Frames">Decoded frames of all files.</param>
/// <param name="Missing">Those that were sent and are not there, of all files together.</param>
/// <param name="Problem">What is wrong with the first that is not whole, or null.</param>
internal sealed record FileCounts(int Whole, int Frames, Missing Missing, string? Problem);

/// <summary>Frames that a camera sent and a file lacks; what it sent before the first key frame is of no use to anybody and does not count.</summary>
/// <param name="Before">Before the first frame of the file.</param>
/// <param name="Between">Between its first and its last; fewer than none when it has frames that were not sent.</param>
/// <param name="After">After its last frame.</param>
internal readonly record struct Missing(long Before, long Between, long After)
{
    /// <summary>
    /// So many may lack at the end: frames that the camera sent after the recorder had decided to stop. One until the TEARDOWN is written and read, as the cameras
    /// read every 20 ms, just before they send; and one that was on its way when the recorder looked for the last time.
    /// </summary>
    public const int MostAfter = 2;

    /// <summary>What is missing in a file without a jump inside.</summary>
    /// <param name="sent">What the camera sent.</param>
    /// <param name="first">The number in the first picture.</param>
    /// <param name="last">The number in the last picture.</param>
    /// <param name="frames">Its pictures.</param>
    /// <param name="loop">The numbers begin again after so many.</param>
    public static Missing Of(SentVideo sent, int first, int last, int frames, int loop)
    {
        // Whole loops that are not there show in the count alone.
        var (before, after) = ((first - sent.First + loop) % loop, (sent.Last - last + loop) % loop);
        return new Missing(before, sent.Frames - frames - before - after, after);
    }

    /// <summary>What is too much of it, or null.</summary>
    public string? Trouble => this is { Before: 0, Between: 0, After: <= MostAfter } ? null : $"lacks {Before} frames at the beginning, {Between} between, {After} at the end";

    public static Missing operator +(Missing a, Missing b) => new(a.Before + b.Before, a.Between + b.Between, a.After + b.After);
}
