using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Lets another file than the first begin, and the stream be connected to, when the test says so.</summary>
internal sealed class GatedTarget(IRecordingTarget target) : IRecordingTarget
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A capture waits.</summary>
    public Task Asked => _asked.Task;

    public bool MayConnect { get; set; } = true;

    public string Volume => target.Volume;

    public IRecordingFile CreatePart(int part) => target.CreatePart(part);

    public Task MayBeginAnother(CancellationToken stop)
    {
        _asked.TrySetResult();
        return _open.Task.WaitAsync(stop);
    }

    public void Open() => _open.TrySetResult();
}
