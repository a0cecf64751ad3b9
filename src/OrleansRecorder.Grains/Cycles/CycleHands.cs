using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive;
using OrleansRecorder.Captures;
using OrleansRecorder.Configuration;
using OrleansRecorder.Nodes;
using OrleansRecorder.Streams;

namespace OrleansRecorder.Cycles;

/// <summary>
/// Does what the cycle wants done, on CycleGrain's scheduler but outside its turns: each action has a deadline and always ends in an answer,
/// and only so many calls are under way at once.
/// </summary>
internal sealed partial class CycleHands(
    IGrainFactory grains, CaptureNode node, CycleConfig config, CycleOptions options, TimeProvider time, ILogger logger, Action<Action<CycleMachine>> tell)
{
    private readonly SemaphoreSlim _calls = new(options.MaxCalls);
    private readonly SemaphoreSlim _ends = new(options.MaxCalls);

    /// <summary>Begins an action and returns.</summary>
    public void Do(CycleAction action) => _ = action switch
    {
        OpenCycle open => Open(open),
        BeginCapture begin => Begin(begin),
        AskCapture ask => Ask(ask),
        EndCapture end => End(end),
        FindParts find => Find(find),
        WriteReports write => Write(write),
        _ => throw new ArgumentException(action.GetType().Name, nameof(action)),
    };

    private async Task Open(OpenCycle open)
    {
        try
        {
            var current = await Limited(grains.GetGrain<IConfigGrain>(IConfigGrain.Key).Get());
            var (settings, streams) = config.Read(current.Document);
            var directory = await Limited(Archive("").ReserveDirectory(settings.OutputDirectory, open.WantedDirectory));
            tell(machine => machine.Opened(new CycleOpening(open.At, directory, settings, streams)));
        }
        catch (Exception exception)
        {
            LogNotOpened(exception);
            tell(machine => machine.OpenFailed(open.At));
        }
    }

    private async Task Begin(BeginCapture begin)
    {
        var answer = await Call<CaptureAcceptance?>(_calls, begin.Stream, async stream => await stream.Begin(begin.Order));
        tell(machine => machine.BeginAnswered(begin.Order.Identity, answer.Value));
    }

    private async Task Ask(AskCapture ask)
    {
        var (answered, running) = await Call(_calls, ask.Stream, stream => stream.Running());
        tell(machine => machine.AskAnswered(ask.Identity, answered, running));
    }

    private async Task End(EndCapture end) => await Call(_ends, end.Stream, async stream =>
    {
        await stream.End(end.Identity, end.Cause);
        return true;
    });

    private async Task Find(FindParts find)
    {
        RecordingPage? page = null;
        try
        {
            page = await Limited(Archive(find.Node).ListRecordings(find.OutputDirectory, find.Directory, 0, int.MaxValue));
        }
        catch (Exception exception)
        {
            LogNoParts(exception, find.Node);
        }

        foreach (var lost in find.Captures)
        {
            var parts = page is null ? null : LostParts.Of(lost.OutputFilename, page.Recordings);
            var isAll = page is not null && !Array.Exists(page.Unrecovered, name => PartName.NumberOf(name, lost.OutputFilename) is not null);
            tell(machine => machine.PartsFound(lost.Identity, parts, isAll));
        }
    }

    private async Task Write(WriteReports write)
    {
        var success = false;
        try
        {
            await Limited(Archive("").WriteReports(write.Report));
            success = true;
        }
        catch (Exception exception)
        {
            LogNotReported(exception, write.Report.Cycle.Cycle);
        }

        tell(machine => machine.ReportsWritten(write.Report, success));
    }

    private async Task<(bool Answered, T? Value)> Call<T>(SemaphoreSlim limit, string stream, Func<IStreamGrain, Task<T>> call)
    {
        await limit.WaitAsync();
        try
        {
            return (true, await Limited(call(grains.GetGrain<IStreamGrain>(stream))));
        }
        catch (Exception exception)
        {
            LogNoAnswer(exception, stream);
            return (false, default);
        }
        finally
        {
            limit.Release();
        }
    }

    // What runs late is not cancelled by this; whoever answers later is ignored.
    private Task<T> Limited<T>(Task<T> call) => call.WaitAsync(options.CallTimeout, time);

    private Task Limited(Task call) => call.WaitAsync(options.CallTimeout, time);

    private IArchiveGrain Archive(string nodeName) => grains.GetGrain<IArchiveGrain>(nodeName.Length > 0 ? nodeName : node.Name);

    [LoggerMessage(1101, LogLevel.Error, "The cycle could not be opened; it is tried again, with growing pauses.")]
    private partial void LogNotOpened(Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "{Stream} did not answer.")]
    private partial void LogNoAnswer(Exception exception, string stream);

    [LoggerMessage(1103, LogLevel.Warning, "The archive of node '{Node}' did not say what lost captures left.")]
    private partial void LogNoParts(Exception exception, string node);

    [LoggerMessage(1104, LogLevel.Error, "The reports of cycle {Cycle} could not be written; it is tried again, with growing pauses.")]
    private partial void LogNotReported(Exception exception, long cycle);
}
