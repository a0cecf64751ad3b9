using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Metrics;
using OrleansRecorder.Media.Threads;
using OrleansRecorder.Media.Volumes;

namespace OrleansRecorder.Media.Captures;

/// <summary>What the captures of an engine share.</summary>
/// <param name="Pool">Memory for media.</param>
/// <param name="Writers">The disks.</param>
/// <param name="Encoders">Threads that encode sound.</param>
/// <param name="Counters">What they have done.</param>
internal sealed record CaptureServices(ChunkPool Pool, IFileWriter Writers, WorkThreads Encoders, MediaCounters Counters);
