using OrleansRecorder.Captures;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Metrics;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Threads;
using OrleansRecorder.Media.Volumes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>The recorder of one connection, a folder, and a clock that the test moves: what a source sees.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MediaBuffer _pictures;

    public Attempt(double seconds = 60, long memory = 1 << 30, GatheringWrite? write = null)
    {
        FFmpegLibraries.EnsureLoaded();
        Pool = new ChunkPool(memory);
        Writers = new VolumeWriters(memory / 2, TimeProvider.System, Counters, write);
        State = new CaptureState(Orders.For("rtsp://camera.test/1"), Time);
        Target = new FolderTarget(_folder.Path);
        Recorder = new AttemptRecorder(State, Target, new CaptureServices(Pool, Writers, Encoders, Counters),
            TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(60), Time);
        _pictures = new MediaBuffer(Pool);
    }

    public ManualTime Time { get; } = new();

    public MediaCounters Counters { get; } = new();

    public ChunkPool Pool { get; }

    public VolumeWriters Writers { get; }

    public WorkThreads Encoders { get; } = new("encoder", 1, TimeProvider.System);

    public CaptureState State { get; }

    public FolderTarget Target { get; }

    public AttemptRecorder Recorder { get; }

    /// <summary>The path of a finished file.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Where a source would put its pictures together.</summary>
    public MediaBuffer Pictures => _pictures;

    /// <summary>Puts a picture into the buffer and hands it over in place.</summary>
    public bool Picture(Clip clip, int number, long pts, TimeSpan? captured = null, bool? isKey = null, byte[]? sets = null)
    {
        var packet = clip.Packet(number % clip.Count, pts);
        var unit = AccessUnit.Inspect(clip.Codec, packet.Data);
        var start = _pictures.End;
        LengthPrefixed.Append(clip.Codec, packet.Data, _pictures);
        return Recorder.OnPicture(new AssembledPicture
        {
            Track = 0, Buffer = _pictures, Start = start, Pts = pts, Captured = captured, IsKey = isKey ?? unit.IsRandomAccess,
            IsRecoveryPoint = isKey == false && unit.IsRandomAccess, ParameterSets = sets ?? unit.ParameterSets,
        });
    }

    /// <summary>Pictures at 25 a second, the clock with them, from a number on.</summary>
    public void Play(Clip clip, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(40));
            if (!Picture(clip, i, i * 3600L)) throw new InvalidOperationException($"picture {i}: {Recorder.Failure}");
        }
    }

    /// <summary>Ends the connection as a source and the supervisor do.</summary>
    public async Task<RecordedPart[]> Close()
    {
        _pictures.Dispose();
        await Recorder.Close(stoppedAt: null).WaitAsync(TimeSpan.FromSeconds(60));
        return State.Parts;
    }

    /// <summary>Waits until everything that was cut is on the disk.</summary>
    public async Task Written()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Writers.Waiting > 0) await Task.Delay(5, deadline.Token);
    }

    public void Dispose() => _folder.Dispose();
}
