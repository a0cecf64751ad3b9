using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>Something that the cycle wants done. Each is answered by a verb of <see cref="CycleMachine"/>, also when it fails.</summary>
public abstract record CycleAction;

/// <summary>Read the configuration and reserve a directory; answered by <see cref="CycleMachine.Opened"/> or <see cref="CycleMachine.OpenFailed"/>.</summary>
/// <param name="At">The start of the cycle (UTC).</param>
/// <param name="WantedDirectory">Its name, if that is free in all the archives.</param>
/// <param name="Archives">The archives that are there, the one that records first before the others.</param>
public sealed record OpenCycle(DateTimeOffset At, string WantedDirectory, string[] Archives) : CycleAction;

/// <summary>Order a capture; answered by <see cref="CycleMachine.BeginAnswered"/>.</summary>
/// <param name="Stream">The StreamGrain's key.</param>
/// <param name="Order">What to record.</param>
/// <param name="Life">The life of the order's node.</param>
public sealed record BeginCapture(string Stream, CaptureOrder Order, string Life) : CycleAction
{
    /// <summary>How long to wait before giving it, so that a burst of starts does not hit the cameras at one instant.</summary>
    public TimeSpan After { get; init; }
}

/// <summary>Ask a stream what it is doing; answered by <see cref="CycleMachine.AskAnswered"/>.</summary>
/// <param name="Stream">The StreamGrain's key.</param>
/// <param name="Identity">The capture that it should be doing.</param>
/// <param name="Life">The life of the node that has it, or "".</param>
public sealed record AskCapture(string Stream, CaptureIdentity Identity, string Life) : CycleAction;

/// <summary>End a capture. Needs no answer: its result is one.</summary>
/// <param name="Stream">The StreamGrain's key.</param>
/// <param name="Identity">Which capture.</param>
/// <param name="Cause">Why.</param>
public sealed record EndCapture(string Stream, CaptureIdentity Identity, CaptureCause Cause) : CycleAction;

/// <summary>Look in an archive for what lost captures left; answered by <see cref="CycleMachine.PartsFound"/> for each of them.</summary>
/// <param name="Archive">The archive that they recorded into.</param>
/// <param name="OutputDirectory">As configured.</param>
/// <param name="Directory">The cycle's directory.</param>
/// <param name="Captures">The lost captures.</param>
public sealed record FindParts(string Archive, string OutputDirectory, string Directory, LostCapture[] Captures) : CycleAction;

/// <summary>Look in an archive that is back for files that were counted unseen; answered by <see cref="CycleMachine.UnseenFound"/>.</summary>
/// <param name="Archive">The archive.</param>
/// <param name="OutputDirectory">As configured.</param>
/// <param name="Directory">The cycle's directory.</param>
/// <param name="Cycle">The cycle: the one that runs, or one before it.</param>
/// <param name="Captures">The tasks that they are of.</param>
public sealed record FindUnseen(string Archive, string OutputDirectory, string Directory, long Cycle, LostCapture[] Captures) : CycleAction;

/// <summary>A capture that is gone.</summary>
/// <param name="Identity">Which capture.</param>
/// <param name="OutputFilename">What its first file is called.</param>
public sealed record LostCapture(CaptureIdentity Identity, string OutputFilename);

/// <summary>Write the reports of a cycle; answered by <see cref="CycleMachine.ReportsWritten"/>.</summary>
/// <param name="Report">What they say.</param>
/// <param name="Archives">Into which archives.</param>
public sealed record WriteReports(CycleReport Report, string[] Archives) : CycleAction;
