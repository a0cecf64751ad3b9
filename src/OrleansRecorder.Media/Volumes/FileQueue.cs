using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Threads;

namespace OrleansRecorder.Media.Volumes;

/// <inheritdoc cref="IFileQueue"/>
internal sealed class FileQueue(Volume volume) : IFileQueue, IWorker
{
    // Half a minute of a 4K camera: a disk that is so far behind will not catch up.
    private const long Limit = 64 << 20;
    private readonly object _lock = new();
    private readonly Queue<Job> _jobs = new();
    private readonly Preallocation _allocated = new();
    private readonly DirectFile? _direct = volume.Direct is { } direct ? new DirectFile(direct, volume.Time) : null;
    private bool _isScheduled;
    private long _waiting;
    private Exception? _failure;

    /// <inheritdoc/>
    public SafeFileHandle? File { get; set; }

    /// <inheritdoc/>
    public bool HasRoom => Waiting == 0 || (Waiting < Limit && volume.HasRoom);

    /// <inheritdoc/>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <inheritdoc/>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public void Write(FileWrite write)
    {
        Count(write.Length);
        Add(new Job(write, null, null));
    }

    /// <inheritdoc/>
    public Task Run(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new Job(null, work, done));
        return done.Task;
    }

    /// <inheritdoc/>
    public void WaitForRoom(TimeSpan patience)
    {
        lock (_lock)
        {
            while (!HasRoom && Failure is null)
            {
                if (!Monitor.Wait(_lock, patience)) return;
            }
        }
    }

    /// <summary>Does the next thing; called by the volume's threads, one at a time.</summary>
    public void Step()
    {
        Job job;
        lock (_lock) job = _jobs.Dequeue();
        try
        {
            if (job.Write is { } write) Do(write);
            else Do(job.Work!, job.Done!);
        }
        finally
        {
            // Behind the others: a file that has fallen behind does not hold them up.
            lock (_lock)
            {
                _isScheduled = _jobs.Count > 0;
                if (_isScheduled) volume.Schedule(this, _jobs.Peek().Write is not null);
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Add(Job job)
    {
        lock (_lock)
        {
            _jobs.Enqueue(job);
            if (_isScheduled) return;
            _isScheduled = true;
            volume.Schedule(this, job.Write is not null);
        }
    }

    private void Do(FileWrite write)
    {
        var length = write.Length;
        var since = volume.Timestamp;
        var isWritten = false;
        try
        {
            if (Failure is null && File is { } file)
            {
                _allocated.Reach(file, write.Offset + length);
                if (_direct?.TryAppend(file, write) is not true) volume.Write(file, write.Pieces, write.Offset);
                isWritten = true;
            }
        }
        catch (Exception exception)
        {
            // Whatever it was: who records looks here before the next picture.
            Volatile.Write(ref _failure, exception);
        }
        finally
        {
            foreach (var chunks in write.Chunks) chunks.Dispose();
            Count(-length);
            if (isWritten) volume.Wrote(length, since);
        }
    }

    private void Do(Action work, TaskCompletionSource done)
    {
        try
        {
            EndDirect();
            work();
            done.SetResult();
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    // Whatever else is to be done with a file is for the ordinary way.
    private void EndDirect()
    {
        try
        {
            if (File is { } file) _direct?.End(file);
        }
        catch (IOException exception)
        {
            Volatile.Write(ref _failure, _failure ?? exception);
        }
    }

    private void Count(long bytes)
    {
        Interlocked.Add(ref _waiting, bytes);
        volume.Count(bytes);
    }

    private readonly record struct Job(FileWrite? Write, Action? Work, TaskCompletionSource? Done);
}
