using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Captures;

/// <summary>Records streams: each capture runs apart from its caller, with its own retries, and ends within 3 s of a stop in every state.</summary>
public interface ICaptureEngine : IAsyncDisposable
{
    /// <summary>Begins a capture and returns at once. Never throws for what the stream, the network or the disk does: that is a result.</summary>
    ICapture Start(CaptureOrder order, IRecordingTarget target);
}

/// <summary>A capture that runs, or has ended.</summary>
public interface ICapture
{
    /// <summary>Which task it is for.</summary>
    CaptureIdentity Identity { get; }

    /// <summary>How far it is; cheap, from any thread.</summary>
    CaptureProgress Progress { get; }

    /// <summary>Completes with the result when the last file is closed and has its final name. Never faults, is never cancelled.</summary>
    Task<CaptureResult> Completion { get; }

    /// <summary>Ends it cleanly with this cause (<see cref="CaptureCause.Stopped"/>, <see cref="CaptureCause.CycleEnded"/>, <see cref="CaptureCause.Interrupted"/>), keeping what it has. Idempotent.</summary>
    void Stop(CaptureCause cause);
}

/// <summary>Where a capture's files go; the archive implements it, so that the media code knows nothing of directories.</summary>
public interface IRecordingTarget
{
    /// <summary>
    /// Creates the file of a part, numbered from 1. Called when the first key frame is there, so that a capture that never gets one leaves no file, and on a
    /// thread of the volume: it may take as long as the disk does.
    /// Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when it cannot be created.
    /// </summary>
    IRecordingFile CreatePart(int part);

    /// <summary>Names the disk: captures with the same share its writers, and a disk that hangs holds up no others.</summary>
    string Volume => "";

    /// <summary>Whether the stream may be connected to now. Asked just before each connection; false ends the capture as <see cref="CaptureCause.Interrupted"/>.</summary>
    bool MayConnect => true;

    /// <summary>
    /// Completes when another file than the first may be begun: awaited before each connection that may need one, once
    /// <see cref="CaptureProgress.PartsBegun"/> counts it. At once, unless somebody has to hear of it first.
    /// </summary>
    Task MayBeginAnother(CancellationToken stop) => Task.CompletedTask;
}

/// <summary>A recording that is being written: hidden until it is complete.</summary>
public interface IRecordingFile : IDisposable
{
    /// <summary>The bare name that it will have, <c>name.mp4</c> or <c>name.part2.mp4</c>; after <see cref="Complete"/> the one that it has.</summary>
    string Filename { get; }

    /// <summary>Where it is now; written by this capture alone, through its handle. Unbuffered, and readable if possible.</summary>
    FileStream Stream { get; }

    /// <summary>Closes the file and gives it its final name. Throws <see cref="IOException"/> when the file system refuses.</summary>
    void Complete(RecordedPart part);

    /// <summary>Closes and removes the file: it holds nothing.</summary>
    void Discard();
}
