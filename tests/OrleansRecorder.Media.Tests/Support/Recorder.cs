using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>An engine with a folder of its own, in real time.</summary>
internal sealed class Recorder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Recorder() => Target = new FolderTarget(_folder.Path);

    public CaptureEngine Engine { get; } = new(TimeProvider.System, () => 0.5, NullLogger<CaptureEngine>.Instance);

    public FolderTarget Target { get; }

    public string Folder => _folder.Path;

    public string[] Files => [.. Directory.EnumerateFiles(_folder.Path).Order()];

    public ICapture Start(CaptureOrder order) => Engine.Start(order, Target);

    /// <summary>Records to the end.</summary>
    public Task<CaptureResult> Record(CaptureOrder order) => Start(order).Completion.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Waits until a capture's progress is as wanted.</summary>
    public static async Task Until(ICapture capture, Func<CaptureProgress, bool> condition, double seconds = 30)
    {
        var clock = Stopwatch.StartNew();
        while (!condition(capture.Progress))
        {
            if (capture.Completion.IsCompleted) throw new InvalidOperationException($"The capture ended: {await capture.Completion}");
            if (clock.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"The capture did not come so far: {capture.Progress}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _folder.Dispose();
    }
}
