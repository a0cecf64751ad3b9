namespace OrleansRecorder.Farm;

/// <summary>A child that is started again when it ends by itself, a little later each time that it does so soon.</summary>
internal sealed class SupervisedChild : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(60);

    private readonly ChildSpec _spec;
    private readonly Action<string> _say;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private ChildProcess _process;
    private Task _watching = Task.CompletedTask;

    private SupervisedChild(ChildSpec spec, ChildProcess process, Action<string> say, TimeProvider time)
    {
        _spec = spec;
        _process = process;
        _say = say;
        _time = time;
    }

    /// <summary>Its process now.</summary>
    public ChildProcess Process => _process;

    /// <summary>Starts it; the watch begins with <see cref="Watch"/>.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="say">Takes a line for the user when it had to be started again.</param>
    /// <param name="time">The clock.</param>
    public static async Task<SupervisedChild> Start(ChildSpec spec, Action<string> say, TimeProvider time) =>
        new(spec, await ChildProcess.Start(spec), say, time);

    /// <summary>From now on it is started again when it ends.</summary>
    public void Watch() => _watching = Keep();

    /// <summary>Ends it for good.</summary>
    public async Task End(Signal signal, TimeSpan within)
    {
        await _ending.CancelAsync();
        await _watching;
        if (!await _process.End(signal, within, _time)) _say($"{_spec.Name} did not end within {within.TotalSeconds:0} s and was killed");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await End(Signal.Kill, TimeSpan.Zero);
        _process.Dispose();
        _ending.Dispose();
    }

    private async Task Keep()
    {
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var begun = _time.GetTimestamp();
                var code = await _process.Exited.WaitAsync(_ending.Token);
                if (_time.GetElapsedTime(begun) > Settled) pause = FirstPause;
                _say($"{_spec.Name} ended with code {code}; starting it again in {pause.TotalSeconds:0} s. Its log: {_spec.LogFile}");
                await Task.Delay(pause, _time, _ending.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                _process.Dispose();
                _process = await ChildProcess.Start(_spec);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It is ended on purpose.
        }
    }
}
