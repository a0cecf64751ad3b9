using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>Something that the cycle wants done. Each is answered by a verb of <see cref="CycleMachine"/>, also when it fails.</summary>
public abstract record CycleAction;

/// <summary>Read the configuration and reserve a directory; answered by <see cref="CycleMachine.Opened"/> or <see cref="CycleMachine.OpenFailed"/>.</summary>
/// <param name="At">The start of the cycle (UTC).</param>
/// <param name="WantedDirectory">Its name, if that is free.</param>
public sealed record OpenCycle(DateTimeOffset At, string WantedDirectory) : CycleAction;

/// <summary>Order a capture; answered by <see cref="CycleMachine.BeginAnswered"/>.</summary>
/// <param name="Stream">The StreamGrain's key.</param>
/// <param name="Order">What to record.</param>
public sealed record BeginCapture(string Stream, CaptureOrder Order) : CycleAction;

/// <summary>Ask a stream what it is doing; answered by <see cref="CycleMachine.AskAnswered"/>.</summary>
/// <param name="Stream">The StreamGrain's key.</param>
/// <param name="Identity">The capture that it should be doing.</param>
public sealed record AskCapture(string Stream, CaptureIdentity Identity) : CycleAction;

/// <summary>End a capture. Needs no answer: its result is one.</summary>
/// <param name="Stream">The StreamGrain's key.</param>
/// <param name="Identity">Which capture.</param>
/// <param name="Cause">Why.</param>
public sealed record EndCapture(string Stream, CaptureIdentity Identity, CaptureCause Cause) : CycleAction;

/// <summary>Look in an archive for what lost captures left; answered by <see cref="CycleMachine.PartsFound"/> for each of them.</summary>
/// <param name="Node">Where they recorded, or "" when that is not known.</param>
/// <param name="OutputDirectory">As configured.</param>
/// <param name="Directory">The cycle's directory.</param>
/// <param name="Captures">The lost captures.</param>
public sealed record FindParts(string Node, string OutputDirectory, string Directory, LostCapture[] Captures) : CycleAction;

/// <summary>A capture that is gone.</summary>
/// <param name="Identity">Which capture.</param>
/// <param name="OutputFilename">What its first file is called.</param>
public sealed record LostCapture(CaptureIdentity Identity, string OutputFilename);

/// <summary>Write the reports of a cycle; answered by <see cref="CycleMachine.ReportsWritten"/>.</summary>
/// <param name="Report">What they say.</param>
public sealed record WriteReports(CycleReport Report) : CycleAction;
