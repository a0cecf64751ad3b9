using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>A stream and what it has recorded, on a manual clock.</summary>
internal sealed class SimulatedStream
{
    /// <summary>It neither records nor ends, whatever it is told.</summary>
    public bool Hangs { get; set; }

    /// <summary>Its node takes nothing new.</summary>
    public bool Drains { get; set; }

    /// <summary>How its captures fail; null when they do not.</summary>
    public CaptureCause? Failure { get; set; }

    public TimeSpan FailsAfter { get; set; }

    public TimeSpan ConnectsAfter { get; set; }

    public CaptureOrder? Running { get; private set; }

    /// <summary>Where it runs, or ran last.</summary>
    public SimulatedNode? Node { get; private set; }

    /// <summary>The archive that each file is in, by the cycle's directory and the file's name.</summary>
    public Dictionary<(string Directory, string Filename), string> Archives { get; } = [];

    public CaptureIdentity? Seen { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public TimeSpan Recorded { get; private set; }

    /// <summary>By the cycle's directory.</summary>
    public Dictionary<string, List<RecordedPart>> Files { get; } = [];

    public void Begin(CaptureOrder order, DateTimeOffset now, SimulatedNode? node = null)
    {
        Node = node;
        Running = order;
        Seen = order.Identity;
        StartedAt = now;
        Recorded = TimeSpan.Zero;
    }

    public TimeSpan RecordedAt(DateTimeOffset now)
    {
        var since = now - StartedAt - ConnectsAfter;
        return Recorded = since < TimeSpan.Zero ? TimeSpan.Zero : since;
    }

    public CaptureProgress Progress() => new()
    {
        Identity = Running!.Identity,
        Status = Recorded > TimeSpan.Zero ? CaptureStatus.Recording : CaptureStatus.Connecting,
        Recorded = Recorded,
        Bytes = (long)Recorded.TotalMilliseconds,
        PartsBegun = Recorded > TimeSpan.Zero ? 1 : 0,
    };

    public CaptureResult Finish(CaptureCause cause, CaptureStatus status, DateTimeOffset now)
    {
        var progress = Progress();
        var order = Running!;
        return new CaptureResult
        {
            Identity = order.Identity,
            Cause = cause,
            Status = status,
            Progress = progress,
            Parts = CloseFile(now),
            StartedAt = StartedAt,
            EndedAt = now,
            Node = Node?.Name ?? "node-1",
        };
    }

    public void Crash(DateTimeOffset now)
    {
        if (Running is not null) CloseFile(now);
    }

    private RecordedPart[] CloseFile(DateTimeOffset now)
    {
        var order = Running!;
        Running = null;
        if (Recorded == TimeSpan.Zero) return [];
        var name = order.FirstPart == 1 ? order.OutputFilename : order.OutputFilename.Replace(".mp4", $".part{order.FirstPart}.mp4", StringComparison.Ordinal);
        if (!Files.TryGetValue(order.CycleDirectory, out var files)) Files[order.CycleDirectory] = files = [];
        Assert.DoesNotContain(files, f => f.Filename == name);
        var part = new RecordedPart { Filename = name, StartedAt = now - Recorded, Duration = Recorded, Size = (long)Recorded.TotalMilliseconds };
        files.Add(part);
        Archives[(order.CycleDirectory, name)] = Node?.Archive ?? "node-1";
        return [part];
    }
}
