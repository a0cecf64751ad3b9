using System.Collections.Concurrent;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Sources whose connections end as a test says.</summary>
internal sealed class ScriptedSources
{
    private readonly ConcurrentQueue<Func<IMediaSink, CancellationToken, Task<SourceEnd>>> _script = new();
    private Func<IMediaSink, CancellationToken, Task<SourceEnd>> _last = (_, _) => Ends(CaptureCause.Refused);

    /// <summary>How often a connection was made.</summary>
    public int Connections { get; private set; }

    public static Task<SourceEnd> Ends(CaptureCause cause) => Task.FromResult(new SourceEnd(cause, new LocalizedText("原因", "why")));

    /// <summary>The next connection; the last one said repeats.</summary>
    public ScriptedSources Then(Func<IMediaSink, CancellationToken, Task<SourceEnd>> run)
    {
        _script.Enqueue(run);
        return this;
    }

    public ScriptedSources Then(CaptureCause cause) => Then((_, _) => Ends(cause));

    public IMediaSource Create(SourceRequest request)
    {
        Connections++;
        if (_script.TryDequeue(out var run)) _last = run;
        return new Source(_last);
    }

    private sealed class Source(Func<IMediaSink, CancellationToken, Task<SourceEnd>> run) : IMediaSource
    {
        public Task<SourceEnd> Run(IMediaSink sink, CancellationToken stop) => run(sink, stop);
    }
}
