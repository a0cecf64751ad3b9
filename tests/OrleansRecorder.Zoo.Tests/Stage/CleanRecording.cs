using System.Globalization;
using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Zoo.Tests.Checks;

namespace OrleansRecorder.Zoo.Tests.Stage;

/// <summary>Records a camera whose stream is sound, however odd it is otherwise, and expects a clean file of it: O1 to O17.</summary>
internal sealed record CleanRecording
{
    /// <summary>What to record.</summary>
    public double Seconds { get; init; } = 20;

    /// <summary>What follows the camera's address.</summary>
    public string Rest { get; init; } = "";

    /// <summary>Over TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>How often the client has to connect.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Whether the camera sends sound, which must be in the file.</summary>
    public bool HasSound { get; init; } = true;

    /// <summary>Seconds that may lie between two pictures; null: two frames.</summary>
    public double? LongestGap { get; init; }

    /// <summary>By how much the duration may differ from the wall clock, where the camera's clock is at fault.</summary>
    public double ShareOfTime { get; init; } = 0.01;

    /// <summary>Seconds that a beep may be from its flash; null: not looked at.</summary>
    public double? SoundOffset { get; init; } = 0.08;

    /// <summary>Seconds by which that may change.</summary>
    public double SoundDrift { get; init; } = 0.04;

    /// <summary>Pictures may be missing, where packets were: exactly those that the loss has spoilt.</summary>
    public bool LosesPictures { get; init; }

    /// <summary>Plays it.</summary>
    public async Task Play(ZooStage stage, CameraOptions options) => await Play(stage, await stage.Add(options));

    /// <inheritdoc cref="Play(ZooStage, CameraOptions)"/>
    public async Task Play(ZooStage stage, ZooCamera camera, string? url = null)
    {
        var order = ZooStage.Order(url ?? (IsSecure ? camera.SecureUrl() : camera.Url(Rest)), Seconds) with { AcceptsAnyCertificate = IsSecure };
        var result = await stage.Record(order);
        Assert.True(result.Status == CaptureStatus.Completed, $"{result.Status} {result.Cause}: {result.Message.English}");
        CheckFailed.Unless(stage.Files.Count == 1, "O13", $"the files are {string.Join(' ', stage.Files)}");

        var source = await SourcePictures.Of(camera.Camera.VideoFile);
        var file = await Recording.Read(stage.Files[0]);
        FileChecks.IsSound(file);
        FileChecks.IsFolded(file);
        var numbers = LosesPictures ? FileChecks.HoldsOnlyTheSource(file, source) : FileChecks.HoldsTheSourceWithoutGap(file, source);
        IsWhatWasSent(camera, result, file, numbers);
        CheckSound(camera, file, numbers);
        WireChecks.AreKept(camera.Wire, camera.Options, Connections);
        var last = camera.Wire.Frames[^1].Connection;
        var tracks = camera.Wire.Requests.Where(r => r.Method == "SETUP" && r.Connection == last).Select(r => r.Url).Distinct().Count();
        CheckFailed.Unless(tracks == (camera.Options.Audio == AudioCodec.None ? 1 : 2), "W", $"{tracks} tracks were set up");
    }

    private void IsWhatWasSent(ZooCamera camera, CaptureResult result, Recording file, IReadOnlyList<int> numbers)
    {
        var options = camera.Options;
        var frame = 1.0 / (options.Quirks.Packets.SlowFrameRate ?? options.FrameRate);
        var connection = camera.Wire.Frames[^1].Connection;
        var sent = new SentFrames(camera.Wire, connection);
        var usable = sent.UsableFrom(numbers).Take(numbers.Count).ToList();
        var inOrder = options.BFrames > 0 ? [.. numbers] : usable.Select(f => f.Index).ToList();
        CheckFailed.Unless(usable.Count == numbers.Count && inOrder.SequenceEqual(numbers), "O3",
            $"of {usable.Count} usable frames that were sent, {numbers.Zip(inOrder).TakeWhile(p => p.First == p.Second).Count()} are recorded before the first difference");

        // What lost frames leave open belongs to the picture before.
        if (!LosesPictures) FileChecks.Lasts(file, (usable[^1].TakenAt - usable[0].TakenAt).TotalSeconds + frame, ShareOfTime);
        FileChecks.Lasts(file, Seconds, ShareOfTime);
        if (!LosesPictures) FileChecks.HasNoGap(file, LongestGap ?? (2 * frame));
        if (!LosesPictures && options.Quirks.Packets.SlowFrameRate is null && ShareOfTime <= 0.01) FileChecks.HasPictures(file, (int)(Seconds * options.FrameRate), 2);
        var named = result.Parts[0].StartedAt;
        CheckFailed.Unless((named - camera.WallClock(usable[0].At)).Duration() < TimeSpan.FromSeconds(1), "O17",
            string.Create(CultureInfo.InvariantCulture, $"it began at {named:O}, its first frame was sent at {camera.WallClock(usable[0].At):O}"));
    }

    private void CheckSound(ZooCamera camera, Recording file, IReadOnlyList<int> numbers)
    {
        CheckFailed.Unless(file.Stream("audio") is not null == HasSound, "O14", HasSound ? "the sound is missing" : "there is a sound");
        if (!HasSound) return;
        FileChecks.SoundIsWhole(file);
        if (SoundOffset is { } offset) FileChecks.SoundMatchesPicture(file, numbers, camera.Options.FrameRate, offset, SoundDrift);
    }
}
