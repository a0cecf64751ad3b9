using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>Plain files in a folder, without an archive around them.</summary>
internal sealed class FolderTarget(string folder, string name) : IRecordingTarget
{
    private volatile RecordingFile? _current;

    /// <summary>Whether anything of it is on the disk.</summary>
    public bool IsWritten => _current?.IsWritten ?? false;

    public IRecordingFile CreatePart(int part) => _current = new RecordingFile(Path.Combine(folder, part == 1 ? $"{name}.mp4" : $"{name}.part{part}.mp4"));

    private sealed class RecordingFile(string path) : IRecordingFile
    {
        public string Filename => Path.GetFileName(path);

        public FileStream Stream { get; } = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

        public bool IsWritten => Stream.SafeFileHandle is { IsClosed: false } handle && RandomAccess.GetLength(handle) > 0;

        public void Complete(RecordedPart part) => Stream.Dispose();

        public void Discard()
        {
            Stream.Dispose();
            File.Delete(path);
        }

        public void Dispose() => Stream.Dispose();
    }
}
