namespace OrleansRecorder.Archive.Index;

/// <summary>A file that may be a cycle's JSON report, at one state of it.</summary>
internal sealed record ReportStamp(string Filename, string ETag);

/// <summary>What the index knows of one cycle directory. Immutable.</summary>
internal sealed class CycleFolder
{
    /// <summary>A directory that is empty, or not looked into yet.</summary>
    public static CycleFolder Empty(string name) => new() { Name = name };

    /// <summary>A <see cref="Names.CycleName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Finished recordings by file name, ordinal.</summary>
    public Recording[] Recordings
    {
        get;
        init
        {
            field = value;
            TotalSize = value.Sum(r => r.Size);
        }
    } = [];

    /// <summary>Their bytes.</summary>
    public long TotalSize { get; private init; }

    /// <summary>The directory's own time of change when it was read.</summary>
    public long ModifiedNs { get; init; }

    /// <summary>Nothing in it was changing when it was read: as long as <see cref="ModifiedNs"/> stays, it need not be read again.</summary>
    public bool IsSettled { get; init; }

    /// <summary>The JSON report in it, if any.</summary>
    public ReportStamp? Report { get; init; }

    /// <summary>The report whose facts the recordings have.</summary>
    public ReportStamp? LearnedReport { get; init; }

    /// <summary>There is a report with facts that the recordings do not have yet.</summary>
    public bool CanLearn => Report is not null && Report != LearnedReport;

    /// <summary>The recording of that name, or null.</summary>
    public Recording? Find(string filename)
    {
        var at = IndexOf(filename);
        return at < 0 ? null : Recordings[at];
    }

    /// <summary>With a recording more, or in the place of the one of its name.</summary>
    public CycleFolder With(Recording recording)
    {
        var at = IndexOf(recording.Filename);
        return at < 0
            ? Copy([.. Recordings.AsSpan(0, ~at), recording, .. Recordings.AsSpan(~at)])
            : Copy([.. Recordings.AsSpan(0, at), recording, .. Recordings.AsSpan(at + 1)]);
    }

    /// <summary>With a recording less.</summary>
    public CycleFolder Without(string filename)
    {
        var at = IndexOf(filename);
        return at < 0 ? this : Copy([.. Recordings.AsSpan(0, at), .. Recordings.AsSpan(at + 1)]);
    }

    /// <summary>With what a report tells of its recordings.</summary>
    public CycleFolder With(IReadOnlyDictionary<string, RecordingFacts> facts, ReportStamp? report) => new()
    {
        Name = Name,
        Recordings = [.. Recordings.Select(r => facts.TryGetValue(r.Filename, out var fact) ? fact.ApplyTo(r) : r)],
        ModifiedNs = ModifiedNs,
        IsSettled = IsSettled,
        Report = report ?? Report,
        LearnedReport = report ?? LearnedReport,
    };

    /// <summary>As just read from disk, keeping what the index knows beyond the disk of files that are still the same.</summary>
    public CycleFolder Replacing(CycleFolder? known)
    {
        if (known is null) return this;
        var isNew = false;
        var merged = new Recording[Recordings.Length];
        for (var i = 0; i < merged.Length; i++)
        {
            var old = known.Find(Recordings[i].Filename);
            var same = old is not null && old.Size == Recordings[i].Size;
            // Of a file that nobody told of the disk knows best: a copy gets its times only after its content.
            merged[i] = same && old is not { DurationSeconds: null, RtspUrl: null, StatusCode: null } ? old! : Recordings[i];
            isNew |= !same;
        }

        return new CycleFolder
        {
            Name = Name,
            Recordings = merged,
            ModifiedNs = ModifiedNs,
            IsSettled = IsSettled,
            Report = Report,
            // A file that is new may be told of in a report that was read before it came.
            LearnedReport = isNew ? null : known.LearnedReport,
        };
    }

    // What we did ourselves to the directory changed its time: unsettled, so that the next scan reads it.
    private CycleFolder Copy(Recording[] recordings) => new()
    {
        Name = Name,
        Recordings = recordings,
        Report = Report,
        LearnedReport = LearnedReport,
    };

    private int IndexOf(string filename)
    {
        var (low, high) = (0, Recordings.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(Recordings[middle].Filename, filename);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
