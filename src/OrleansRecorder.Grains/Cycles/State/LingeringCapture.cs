using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>A capture whose task is over while nobody has confirmed its end.</summary>
/// <param name="Stream">The StreamGrain's key: the address without credentials.</param>
/// <param name="Identity">Which capture.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="Life">Which life of that node.</param>
[GenerateSerializer, Alias("recorder.LingeringCapture")]
public sealed record LingeringCapture(string Stream, CaptureIdentity Identity, string Node = "", string Life = "");
