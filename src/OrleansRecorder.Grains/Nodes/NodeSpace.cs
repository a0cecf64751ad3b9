using OrleansRecorder.Archive;

namespace OrleansRecorder.Nodes;

/// <summary>
/// Room on the volume that this node records on, asked for now and then and never waited for: a network volume that does not answer leaves the last figure. Thread-safe.
/// </summary>
internal sealed class NodeSpace(NodeArchives archives, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private string? _outputDirectory;
    private VolumeSpace? _last;
    private Task _sampling = Task.CompletedTask;
    private long _sampledAt;

    /// <summary>The output directory, as configured, that counts from now on.</summary>
    public void Watch(string outputDirectory)
    {
        lock (_lock)
        {
            if (_outputDirectory == outputDirectory) return;
            _outputDirectory = outputDirectory;
            _sampledAt = 0;
        }
    }

    /// <summary>What was found last; null before that, or when the volume does not say. Begins to look again when that was a while ago.</summary>
    public VolumeSpace? Last
    {
        get
        {
            lock (_lock)
            {
                if (_outputDirectory is { } directory && _sampling.IsCompleted && (_sampledAt == 0 || time.GetElapsedTime(_sampledAt) >= Period))
                {
                    _sampledAt = time.GetTimestamp();
                    _sampling = Task.Run(() => Sample(directory));
                }

                return _last;
            }
        }
    }

    private void Sample(string directory)
    {
        VolumeSpace? found;
        try
        {
            found = archives.For(directory).Space;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // No directory that could be recorded into, or the process ends: nothing is known of its room.
            found = null;
        }

        lock (_lock) _last = found;
    }
}
