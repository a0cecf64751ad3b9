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

    public CaptureIdentity? Seen { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public TimeSpan Recorded { get; private set; }

    /// <summary>By the cycle's directory.</summary>
    public Dictionary<string, List<RecordedPart>> Files { get; } = [];

    public void Begin(CaptureOrder order, DateTimeOffset now)
    {
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
            Node = "node-1",
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
        return [part];
    }
}
