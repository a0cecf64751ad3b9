using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Cycles;

internal sealed partial class CycleGrain
{
    private int _interruptions;

    private void LogTransition(CyclePhase phase, CycleRun? run, bool reportDue)
    {
        var state = _state.State;
        if (reportDue && run is not null && state.Run != run) LogReportsGivenUp(run.Number, run.Directory);
        if (state.Run is { } current && current != run) LogCycleStarted(current.Number, current.Directory, current.Tasks.Count);
        var interruptions = state.Run?.Interruptions.Count ?? 0;
        if (interruptions > _interruptions) LogInterrupted(state.Run!.Number, state.Run.Interruptions[^1].Node, state.Run.Interruptions[^1].From.ToLocalTime());
        _interruptions = interruptions;
        if (phase is not (CyclePhase.Running or CyclePhase.Stopping) || state.Run?.EndedAt is null || state.Phase is CyclePhase.Running or CyclePhase.Stopping) return;
        var statistics = _machine.Snapshot().Statistics;
        LogCycleEnded(state.Run.Number, statistics.Completed, statistics.Failed, statistics.Cancelled);
    }

    [LoggerMessage(1011, LogLevel.Error, "The reports of cycle {Cycle} in {Directory} could not all be written: the next cycle starts. An archive that is away gets them if it is back within the next two cycles.")]
    private partial void LogReportsGivenUp(long cycle, string directory);

    [LoggerMessage(1001, LogLevel.Information, "The scheduler was started.")]
    private partial void LogStarted();

    [LoggerMessage(1002, LogLevel.Information, "The scheduler was stopped.")]
    private partial void LogStopped();

    [LoggerMessage(1003, LogLevel.Information, "Going on where the scheduler stood: {Phase}, cycle {Cycle}.")]
    private partial void LogResuming(CyclePhase phase, long cycle);

    [LoggerMessage(1004, LogLevel.Information, "Cycle {Cycle} started in {Directory} with {Tasks} streams.")]
    private partial void LogCycleStarted(long cycle, string directory, int tasks);

    [LoggerMessage(1005, LogLevel.Information, "Cycle {Cycle} ended: {Completed} completed, {Failed} failed, {Cancelled} cancelled.")]
    private partial void LogCycleEnded(long cycle, int completed, int failed, int cancelled);

    [LoggerMessage(1009, LogLevel.Warning, "Captures of cycle {Cycle} on node '{Node}' were interrupted; they were last known to be well at {From:yyyy-MM-dd HH:mm:ss}.")]
    private partial void LogInterrupted(long cycle, string node, DateTimeOffset from);

    [LoggerMessage(1006, LogLevel.Warning, "The cycle's state could not be written. Captures go on, nothing new is begun; trying again, with pauses of up to 5 s.")]
    private partial void LogSaveFailed(Exception exception);

    [LoggerMessage(1012, LogLevel.Information, "The cycle's state is written again.")]
    private partial void LogSavedAgain();

    [LoggerMessage(1014, LogLevel.Information, "A write of the cycle's state that had not been answered was made after all; the state is written anew.")]
    private partial void LogLateWrite();

    [LoggerMessage(1013, LogLevel.Warning, "Whether this is still the cycle's activation cannot be seen now; nodes may go on while most of them report.")]
    private partial void LogTermUnknown(Exception exception);

    [LoggerMessage(1007, LogLevel.Error, "The cycle cannot go on in this activation; a new one starts from what was written last.")]
    private partial void LogGivingWay(Exception exception);

    [LoggerMessage(1008, LogLevel.Warning, "The cycle's reminder could not be set.")]
    private partial void LogNoReminder(Exception exception);
}
