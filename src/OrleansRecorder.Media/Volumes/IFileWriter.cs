using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Mp4;

namespace OrleansRecorder.Media.Volumes;

/// <summary>The writer threads of the volumes: whoever hands them work never waits for a disk.</summary>
internal interface IFileWriter
{
    /// <summary>A queue for one file.</summary>
    /// <param name="volume">Files with the same go to the same disk, and share its threads.</param>
    IFileQueue Open(string volume);
}

/// <summary>What one file still has to get, done in order and never two at a time.</summary>
internal interface IFileQueue
{
    /// <summary>Where writes go: set by work that has created the file.</summary>
    SafeFileHandle? File { get; set; }

    /// <summary>Whether what waits leaves room for more. Without room a writer should hand over nothing that it can leave out.</summary>
    bool HasRoom { get; }

    /// <summary>Bytes that wait.</summary>
    long Waiting { get; }

    /// <summary>The first failure of a write; after it nothing more is written. Null while all is well.</summary>
    Exception? Failure { get; }

    /// <summary>Appends a write, and takes over its chunks.</summary>
    void Write(FileWrite write);

    /// <summary>Appends work of any other kind (creating, finishing, renaming), done even after a failure; its exceptions come out of the task.</summary>
    Task Run(Action work);

    /// <summary>Blocks until there is room, a write has failed, or nothing was done for so long. For sources that can be held up: files and playlists.</summary>
    void WaitForRoom(TimeSpan patience);
}
