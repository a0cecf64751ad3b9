using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;
using OrleansRecorder.Captures;
using OrleansRecorder.Configuration;
using OrleansRecorder.Streams;

namespace OrleansRecorder.Cycles;

/// <summary>
/// Does what the cycle wants done, on CycleGrain's scheduler but outside its turns: each action has a deadline and always ends in an answer,
/// and only so many calls are under way at once.
/// </summary>
internal sealed partial class CycleHands(
    IGrainFactory grains, CycleArchives archives, CycleConfig config, CycleOptions options, TimeProvider time, ILogger logger, Action<Action<CycleMachine>> tell)
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
        FindUnseen find => Find(find),
        WriteReports write => Write(write),
        _ => throw new ArgumentException(action.GetType().Name, nameof(action)),
    };

    private async Task Open(OpenCycle open)
    {
        try
        {
            var current = await Limited(grains.GetGrain<IConfigGrain>(IConfigGrain.Key).Get());
            var (settings, streams) = config.Read(current.Document);
            var (directory, archive) = await archives.Reserve(settings.OutputDirectory, open.WantedDirectory, open.Archives);
            tell(machine => machine.Opened(new CycleOpening(open.At, directory, archive, settings, streams)));
        }
        catch (Exception exception)
        {
            LogNotOpened(exception);
            tell(machine => machine.OpenFailed(open.At));
        }
    }

    private async Task Begin(BeginCapture begin)
    {
        if (begin.After > TimeSpan.Zero) await Task.Delay(begin.After, time);
        PlaceAt(begin.Life);
        var answer = await Call<CaptureAcceptance?>(_calls, begin.Stream, async stream => await stream.Begin(begin.Order));
        tell(machine => machine.BeginAnswered(begin.Order.Identity, answer.Value));
    }

    // For the calls of the action that says so: the context ends with it.
    private static void PlaceAt(string life)
    {
        if (SiloAddress.TryParse(life, out var silo)) RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
    }

    private async Task Ask(AskCapture ask)
    {
        PlaceAt(ask.Life);
        var (_, answer) = await Call(_calls, ask.Stream, stream => stream.Running());
        tell(machine => machine.AskAnswered(ask.Identity, answer));
    }

    private async Task End(EndCapture end) => await Call(_ends, end.Stream, async stream =>
    {
        await stream.End(end.Identity, end.Cause);
        return true;
    });

    private async Task Find(FindParts find)
    {
        var page = await archives.List(find.Archive, find.OutputDirectory, find.Directory);
        foreach (var lost in find.Captures)
        {
            var found = page is null ? null : LostParts.Of(lost, page);
            tell(machine => machine.PartsFound(lost.Identity, found?.Parts, found?.Unfinished ?? []));
        }
    }

    private async Task Find(FindUnseen find)
    {
        var page = await archives.List(find.Archive, find.OutputDirectory, find.Directory);
        FoundParts[]? found = page is null ? null : [.. find.Captures.Select(capture => LostParts.Of(capture, page))];
        tell(machine => machine.UnseenFound(find.Cycle, find.Archive, found));
    }

    private async Task Write(WriteReports write)
    {
        var written = await archives.Write(write.Report, write.Archives);
        tell(machine => machine.ReportsWritten(write.Report, written));
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

    [LoggerMessage(1101, LogLevel.Error, "The cycle could not be opened; it is tried again, with growing pauses.")]
    private partial void LogNotOpened(Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "{Stream} did not answer.")]
    private partial void LogNoAnswer(Exception exception, string stream);
}
