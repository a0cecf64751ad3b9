using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recordings;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Nodes;

/// <summary>Puts the files of captures into this node's archives.</summary>
internal sealed class NodeTargets(NodeArchives archives) : INodeTargets
{
    /// <inheritdoc/>
    public IRecordingTarget For(CaptureOrder order) => new Target(archives, order);

    private sealed class Target(NodeArchives archives, CaptureOrder order) : IRecordingTarget
    {
        public string Volume => order.OutputDirectory;

        public IRecordingFile CreatePart(int part) =>
            new RecordingFile(archives.For(order.OutputDirectory).BeginRecording(order.CycleDirectory, order.OutputFilename, part, order.RtspUrl));
    }

    private sealed class RecordingFile(RecordingWriter writer) : IRecordingFile
    {
        public string Filename => writer.Filename;

        public FileStream Stream => writer.Stream;

        public void Complete(RecordedPart part) => writer.Complete(part);

        public void Discard() => writer.Discard();

        public void Dispose() => writer.Dispose();
    }
}
