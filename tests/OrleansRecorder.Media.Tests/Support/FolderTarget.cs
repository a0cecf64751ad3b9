using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Puts recordings into a folder, under a hidden name while they are written.</summary>
internal sealed class FolderTarget(string folder, string name = "camera.mp4") : IRecordingTarget
{
    public List<RecordedPart> Completed { get; } = [];

    public IRecordingFile CreatePart(int part) => new File(this, Path.Combine(folder, part == 1 ? name : Path.ChangeExtension(name, $".part{part}.mp4")));

    /// <summary>The file that is being written, or null.</summary>
    public string? Unfinished => Directory.EnumerateFiles(folder, "*.recording").FirstOrDefault();

    private sealed class File : IRecordingFile
    {
        private readonly FolderTarget _owner;
        private string _path;
        private readonly string _hidden;

        public File(FolderTarget owner, string path)
        {
            _owner = owner;
            _path = path;
            _hidden = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.recording");
            Stream = new FileStream(_hidden, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }

        public string Filename => Path.GetFileName(_path);

        public FileStream Stream { get; }

        public void Complete(RecordedPart part)
        {
            Stream.Dispose();
            while (System.IO.File.Exists(_path)) _path = Path.ChangeExtension(_path, ".other.mp4");
            System.IO.File.Move(_hidden, _path);
            _owner.Completed.Add(part);
        }

        public void Discard()
        {
            Stream.Dispose();
            System.IO.File.Delete(_hidden);
        }

        public void Dispose() => Stream.Dispose();
    }
}
