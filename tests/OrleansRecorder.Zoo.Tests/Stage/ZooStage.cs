using System.Globalization;
using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Zoo.Tests.Stage;

/// <summary>Where one case of the zoo is played: cameras, a folder for the recordings, and chance from one seed, so that a failure can be played again.</summary>
internal sealed class ZooStage(string name, int seed, ICaptureEngine engine) : IAsyncDisposable
{
    /// <summary>How long cases try again: the deadline lies so much behind what they want to record.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    private static readonly string[][] TrackNames = [["track1", "track2"], ["trackID=0", "trackID=1"], ["trackID=1", "trackID=2"], ["video", "audio"], ["streamid=0", "streamid=1"]];
    private static readonly int[] Groups = [10, 20, 25, 50];
    private readonly TemporaryFolder _folder = new();
    private readonly List<ZooCamera> _cameras = [];
    private FolderTarget? _target;

    /// <summary>The same for the same seed.</summary>
    public Random Random { get; } = new(seed);

    public TemporaryFolder Folder => _folder;

    public FolderTarget Target => _target ??= new FolderTarget(_folder.Path, $"{name}.mp4");

    /// <summary>The recordings, those that are being written too.</summary>
    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(_folder.Path).Order(StringComparer.Ordinal)];

    /// <summary>A camera of H.264 whose ports, payload types, names, groups of pictures and packet sizes chance decides, and which sends in pieces.</summary>
    public CameraOptions AnyCamera(AudioCodec audio = AudioCodec.Aac)
    {
        var payloadType = Random.Next(96, 126);
        return new CameraOptions
        {
            Number = Random.Next(1, 5),
            BitRate = 300_000,
            KeyFrameInterval = Groups[Random.Next(Groups.Length)],
            Audio = audio,
            Quirks = new CameraQuirks
            {
                Login = new LoginQuirks { Realm = $"IP Camera({Random.Next(10_000, 99_999)}), {name}" },
                Replies = new ReplyQuirks { SendsInPieces = true },
                Description = new DescriptionQuirks
                {
                    VideoPayloadType = payloadType, AudioPayloadType = payloadType + 1 + Random.Next(2), TrackNames = TrackNames[Random.Next(TrackNames.Length)],
                },
                Packets = new PacketQuirks { Size = Random.Next(250, 1440) },
            },
        };
    }

    /// <summary>Starts a camera and makes its clip.</summary>
    public async Task<ZooCamera> Add(CameraOptions options)
    {
        var camera = new ZooCamera(options, Random);
        _cameras.Add(camera);
        await camera.Prepare();
        return camera;
    }

    /// <summary>What to record, with the patience of a test. FFmpeg's way can be chosen for all of the zoo by the environment: <c>ZOO_INGEST=ffmpeg</c>.</summary>
    public static CaptureOrder Order(string url, double seconds) => new()
    {
        Identity = new CaptureIdentity(1, 0, 1),
        RtspUrl = url,
        OutputDirectory = "output",
        CycleDirectory = "20260101_000000",
        OutputFilename = "camera.mp4",
        Duration = TimeSpan.FromSeconds(seconds),
        Deadline = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(seconds) + Budget,
        ConnectionTimeout = TimeSpan.FromSeconds(8),
        ReadTimeout = TimeSpan.FromSeconds(6),
        KeyFrameTimeout = TimeSpan.FromSeconds(10),
        FirstPart = 1,
        StreamIndex = 0,
        Ingest = Environment.GetEnvironmentVariable("ZOO_INGEST") == "ffmpeg" ? IngestPath.FFmpeg : IngestPath.Auto,
    };

    /// <summary>Begins to record.</summary>
    public ICapture Start(CaptureOrder order) => engine.Start(order, Target);

    /// <summary>Records to the end, and looks whether that was the end: no file changes after it, none is open, no connection is left (O16).</summary>
    public async Task<CaptureResult> Record(CaptureOrder order) => await Ended(Start(order), order);

    /// <inheritdoc cref="Record"/>
    public async Task<CaptureResult> Ended(ICapture capture, CaptureOrder order)
    {
        var patience = order.Deadline - DateTimeOffset.UtcNow + TimeSpan.FromSeconds(30);
        var result = await capture.Completion.WaitAsync(patience);
        var before = Facts();
        Checks.CheckFailed.Unless(!OpenFiles().Any(f => f.StartsWith(_folder.Path, StringComparison.Ordinal)), "O16", "a recording is still open");
        foreach (var camera in _cameras) await Checks.WireChecks.AllConnectionsEnd(camera.Wire);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Checks.CheckFailed.Unless(Facts() == before, "O16", $"the files have changed after the end: {before} became {Facts()}");
        return result;

        string Facts() => string.Join(' ', Files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(f)}:{new FileInfo(f).Length}:{File.GetLastWriteTimeUtc(f):O}")));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var camera in _cameras) await camera.DisposeAsync();
        _folder.Dispose();
    }

    private static IEnumerable<string> OpenFiles()
    {
        foreach (var link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            string? target = null;
            try
            {
                target = new FileInfo(link).LinkTarget;
            }
            catch (IOException)
            {
                // Closed between the two calls.
            }

            if (target is not null) yield return target;
        }
    }
}
