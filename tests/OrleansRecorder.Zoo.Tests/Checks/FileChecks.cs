using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>
/// What a correct file must satisfy, O1 to O14 of docs/design/camera-zoo.md. Each check throws <see cref="CheckFailed"/> with what it saw.
/// </summary>
internal static class FileChecks
{
    // How far a box may be from a moment because the timescales of the tracks differ.
    private const double Rounding = 0.002;

    /// <summary>O1, O2, O4 to O6, O12, O14: what holds for every file, however its camera behaved.</summary>
    public static void IsSound(Recording file)
    {
        Opens(file);
        Decodes(file);
        BeginsWithKeyFrame(file);
        DecodeTimesRise(file);
        PresentationFollowsDecoding(file);
        HasOneIndex(file);
        HasTagsThatPlayersTake(file);
    }

    /// <summary>O1: it opens, with one video and at most one sound.</summary>
    public static void Opens(Recording file)
    {
        var kinds = file.Streams.Select(s => (string)s["codec_type"]!).ToList();
        CheckFailed.Unless(kinds is ["video"] or ["video", "audio"] or ["audio", "video"], "O1", $"the streams are {string.Join(", ", kinds)}");
    }

    /// <summary>O2: everything in it decodes, without a complaint.</summary>
    public static void Decodes(Recording file) => CheckFailed.Unless(file.Complaints.Length == 0 && file.Hashes.Count == file.Video.Count, "O2",
        $"{file.Hashes.Count} of {file.Video.Count} pictures decode: {file.Complaints}");

    /// <summary>O3: every picture is one of the source, none is damaged, none is missing between the first and the last. Returns their numbers.</summary>
    public static IReadOnlyList<int> HoldsTheSourceWithoutGap(Recording file, SourcePictures source)
    {
        var indices = HoldsOnlyTheSource(file, source);
        for (var i = 1; i < indices.Count; i++)
        {
            CheckFailed.Unless(indices[i] == (indices[i - 1] + 1) % source.Count, "O3", $"picture {i} is number {indices[i]} of the source, after number {indices[i - 1]} of {source.Count}");
        }

        return indices;
    }

    /// <summary>O3 where pictures may be missing: every one is of the source. Returns their numbers.</summary>
    public static IReadOnlyList<int> HoldsOnlyTheSource(Recording file, SourcePictures source)
    {
        var indices = file.Hashes.Select(source.IndexOf).ToList();
        var foreign = indices.Count(i => i is null);
        CheckFailed.Unless(indices.Count > 0 && foreign == 0, "O3", $"{foreign} of {indices.Count} pictures are not of the source, the first is picture {indices.IndexOf(null)}");
        return [.. indices.Select(i => i!.Value)];
    }

    /// <summary>O4: the first sample of the video is one where decoding can start.</summary>
    public static void BeginsWithKeyFrame(Recording file) => CheckFailed.Unless(file.Video.Count > 0 && file.Video[0].IsKey, "O4", $"of {file.Video.Count} samples the first is no key frame");

    /// <summary>O5: decoding times rise strictly.</summary>
    public static void DecodeTimesRise(Recording file)
    {
        foreach (var (name, samples) in new[] { ("video", file.Video), ("sound", file.Sound) })
        {
            for (var i = 1; i < samples.Count; i++)
            {
                CheckFailed.Unless(samples[i].Dts > samples[i - 1].Dts, "O5", Text($"{name} sample {i} has {samples[i].Dts:0.000000} after {samples[i - 1].Dts:0.000000}"));
            }
        }
    }

    /// <summary>O6: no sample is seen before it is decoded, and streams start within a tenth of a second. (Sound that came late may start late.)</summary>
    public static void PresentationFollowsDecoding(Recording file)
    {
        var early = file.Video.Concat(file.Sound).FirstOrDefault(p => p.Pts < p.Dts - Rounding);
        CheckFailed.Unless(early is null, "O6", Text($"a sample of {early?.Pts:0.000} is decoded at {early?.Dts:0.000}"));
        var start = file.Video.Min(p => p.Pts);
        CheckFailed.Unless(start is >= -Rounding and <= 0.1, "O6", Text($"the video starts at {start:0.000}"));
    }

    /// <summary>O7: it lasts as long as the wall clock says, in seconds, within 0.3 s or 1 %, or another share.</summary>
    public static void Lasts(Recording file, double seconds, double share = 0.01)
    {
        var patience = Math.Max(0.3, seconds * share);
        CheckFailed.Unless(Math.Abs(file.Duration - seconds) <= patience, "O7",
            Text($"it lasts {file.Duration:0.000} s, with {file.Video.Count} pictures to {file.Video.Max(p => p.Pts):0.000} and sound to {file.Sound.Select(p => p.Pts).DefaultIfEmpty().Max():0.000}; the clock says {seconds:0.000} s"));
    }

    /// <summary>O8: no gap between pictures is longer than this, in seconds.</summary>
    public static void HasNoGap(Recording file, double longest)
    {
        var times = file.Video.Select(p => p.Pts).Order().ToList();
        for (var i = 1; i < times.Count; i++)
        {
            CheckFailed.Unless(times[i] - times[i - 1] <= longest + Rounding, "O8", Text($"picture {i} comes {times[i] - times[i - 1]:0.000} s after the one before, at {times[i]:0.000}"));
        }
    }

    /// <summary>O9: beep and flash, which the camera gives together at every whole second, are together within <paramref name="offset"/> s and drift by less than <paramref name="drift"/> s.</summary>
    /// <param name="file">The file.</param>
    /// <param name="numbers">Which picture of the source each of its pictures is.</param>
    /// <param name="frameRate">Every so many pictures, one flashes anew.</param>
    /// <param name="offset">Seconds.</param>
    /// <param name="drift">Seconds.</param>
    public static string SoundMatchesPicture(Recording file, IReadOnlyList<int> numbers, int frameRate, double offset = 0.08, double drift = 0.04)
    {
        CheckFailed.Unless(file.Stream("audio") is not null, "O9", "there is no sound");
        var times = file.Video.Select(p => p.Pts).Order().ToList();
        var flashes = numbers.Select((number, i) => (number, Time: times[i])).Where(p => p.number % frameRate == 0).Select(p => p.Time).ToList();
        var beeps = Beeps.In(file.Samples);
        // The ends may have one without the other.
        List<double> offsets = [.. flashes.Where(f => f > 0.3 && f < file.SoundDuration - 0.3).Select(f => beeps.Select(b => b - f).MinBy(Math.Abs))];
        CheckFailed.Unless(beeps.Count > 0 && offsets.Count > 0, "O9", $"{flashes.Count} flashes and {beeps.Count} beeps");
        var seen = Text($"beeps come {offsets.Min():0.000} to {offsets.Max():0.000} s after flashes");
        CheckFailed.Unless(offsets.All(o => Math.Abs(o) <= offset) && offsets.Max() - offsets.Min() <= drift, "O9", seen);
        return seen;
    }

    /// <summary>Sound: it lasts as long as the picture within 0.3 s, and its tone is still 1 kHz within 5 %.</summary>
    public static void SoundIsWhole(Recording file)
    {
        CheckFailed.Unless(Math.Abs(file.SoundDuration - file.Duration) <= 0.3, "sound", 
            Text($"it lasts {file.SoundDuration:0.000} s, from {file.Sound[0].Pts:0.000} to {file.Sound[^1].Pts:0.000}; the picture {file.Duration:0.000} s"));
        var tone = Beeps.Tone(file.Samples);
        CheckFailed.Unless(tone is > 950 and < 1050, "sound", Text($"the tone of 1 kHz has {tone:0} Hz"));
    }

    /// <summary>O10: it has so many pictures, give or take some.</summary>
    public static void HasPictures(Recording file, int count, int patience) =>
        CheckFailed.Unless(Math.Abs(file.Video.Count - count) <= patience, "O10", $"{file.Video.Count} pictures of {count}");

    /// <summary>O12: one index, and nothing else that is cut off.</summary>
    public static void HasOneIndex(Recording file)
    {
        var indices = file.Boxes.Count(b => b == "moov");
        var fragments = file.Boxes.Count(b => b == "moof");
        var data = file.Boxes.Count(b => b == "mdat");
        CheckFailed.Unless(indices == 1 && fragments <= data, "O12", $"the boxes are {string.Join(' ', file.Boxes)}");
    }

    /// <summary>O12 of a file that was ended in peace: its index is for all of it, no fragment is left.</summary>
    public static void IsFolded(Recording file) => CheckFailed.Unless(!file.Boxes.Contains("moof"), "O12", $"{file.Boxes.Count(b => b == "moof")} fragments are left");

    /// <summary>O14: the tags are those that players take, and no track is empty.</summary>
    public static void HasTagsThatPlayersTake(Recording file)
    {
        foreach (var stream in file.Streams)
        {
            var (tag, codec) = ((string)stream["codec_tag_string"]!, (string)stream["codec_name"]!);
            CheckFailed.Unless((codec, tag) is ("h264", "avc1") or ("hevc", "hvc1") or ("aac", "mp4a") or ("opus", "Opus") or ("mjpeg", "mp4v" or "jpeg"), "O14", $"{codec} is tagged {tag}");
        }

        CheckFailed.Unless(file.Video.Count > 0 && (file.Stream("audio") is null || file.Sound.Count > 0), "O14", "a track is empty");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
