using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>Reports of nodes, as tests write them.</summary>
internal static class NodeReports
{
    public static NodeReport Of(string node, CaptureProgress[] captures) => new() { Node = node, Archive = node, Life = "127.0.0.1:1@1", Capacity = int.MaxValue, Captures = captures };
}
