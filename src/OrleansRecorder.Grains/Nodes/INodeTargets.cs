using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Nodes;

/// <summary>Gives each capture the place for its files on this node.</summary>
internal interface INodeTargets
{
    /// <summary>The place for one order's files; made when the first of them is.</summary>
    IRecordingTarget For(CaptureOrder order);
}
