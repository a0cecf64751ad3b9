using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Ingest;
using OrleansRecorder.Media.Ingest.Connections;
using OrleansRecorder.Media.Volumes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>An engine whose ingest threads and memory a test can look at, with a folder of its own.</summary>
internal sealed class OwnIngest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OwnIngest(int threads = 1, TimeProvider? time = null, GatheringWrite? write = null)
    {
        Threads = new IngestThreads(time ?? TimeProvider.System, NullLogger.Instance, threads);
        Services = new IngestServices(Threads, Pool, new HostAddresses(), TimeProvider.System);
        Engine = new CaptureEngine(TimeProvider.System, () => 0.5, NullLogger<CaptureEngine>.Instance, request => new RtspSource(request, Services), null, write ?? RandomAccess.Write);
    }

    public IngestThreads Threads { get; }

    public IngestServices Services { get; }

    public ChunkPool Pool { get; } = new(1 << 30);

    public CaptureEngine Engine { get; }

    public string Folder => _folder.Path;

    /// <summary>Begins to record into <c>name.mp4</c>.</summary>
    public ICapture Start(CaptureOrder order, string name = "camera") => Engine.Start(order, new FolderTarget(_folder.Path, $"{name}.mp4"));

    /// <summary>The frame counters of a recording, which must be those of one camera; fails when a picture cannot be read.</summary>
    public async Task<List<int>> Counters(string name, int camera)
    {
        var counters = new List<int>();
        foreach (var picture in await Picture.AllOf(_folder[$"{name}.mp4"]))
        {
            Assert.True(Cameras.FrameCode.TryRead(picture.Luma, picture.Width, picture.Height, picture.Width, out var seen, out var counter));
            Assert.Equal(camera, seen);
            counters.Add(counter);
        }

        return counters;
    }

    /// <summary>Every frame between the first and the last is there, once and in order.</summary>
    public async Task HasEveryFrame(string name, Cameras.Camera camera, int atLeast)
    {
        var counters = await Counters(name, camera.Number);
        Assert.InRange(counters.Count, atLeast, int.MaxValue);
        Assert.Equal(Enumerable.Range(counters[0], counters.Count).Select(counter => counter % camera.FramesPerLoop), counters);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Threads.Dispose();
        _folder.Dispose();
    }
}
