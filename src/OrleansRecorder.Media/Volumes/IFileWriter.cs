using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Mp4;

namespace OrleansRecorder.Media.Volumes;

/// <summary>The writer threads of the volumes: whoever enqueues never waits for a disk.</summary>
internal interface IFileWriter
{
    /// <summary>Work for one file, done in order and never two at a time. Failures are kept in it.</summary>
    IFileQueue Open(SafeFileHandle file, string path);
}

/// <summary>What one file still has to get.</summary>
internal interface IFileQueue
{
    /// <summary>Appends a write. False when the queue or the memory is full: then nothing was taken over.</summary>
    bool TryWrite(FileWrite write);

    /// <summary>Appends work of any other kind (finishing, renaming) that runs on the writer's thread after all writes. Always taken.</summary>
    Task Run(Action work);

    /// <summary>The first failure of a write; after it nothing more is written. Null while all is well.</summary>
    Exception? Failure { get; }

    /// <summary>Bytes that wait.</summary>
    long Waiting { get; }
}
