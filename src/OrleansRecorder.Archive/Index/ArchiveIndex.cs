namespace OrleansRecorder.Archive.Index;

/// <summary>
/// The recordings of one output directory, in memory. Readers never touch the disk. Two hands keep it true: our own writes, at once,
/// and the scan. A scan's view of a directory is dropped when one of our own writes touched that directory while it was being read.
/// </summary>
internal sealed class ArchiveIndex
{
    private readonly Lock _lock = new();
    private readonly SortedList<string, CycleFolder> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private int _recordings;

    /// <summary>The cycle directories, newest first.</summary>
    public ArchiveDirectory[] Directories()
    {
        lock (_lock)
        {
            var directories = new ArchiveDirectory[_folders.Count];
            for (var i = 0; i < directories.Length; i++)
            {
                var folder = _folders.GetValueAtIndex(directories.Length - 1 - i);
                directories[i] = new ArchiveDirectory { Timestamp = folder.Name, VideoCount = folder.Recordings.Length, TotalSize = folder.TotalSize };
            }

            return directories;
        }
    }

    /// <summary>Recordings of one directory, or of all: oldest directory first, then by file name.</summary>
    public RecordingPage Page(string? directory, int offset, int limit)
    {
        lock (_lock)
        {
            if (directory is null) return new RecordingPage { Found = true, TotalCount = _recordings, Recordings = Slice(_folders.Values, _recordings, offset, limit) };
            if (!_folders.TryGetValue(directory, out var folder)) return new RecordingPage { Found = false, TotalCount = 0, Recordings = [] };
            return new RecordingPage { Found = true, TotalCount = folder.Recordings.Length, Recordings = Slice([folder], folder.Recordings.Length, offset, limit) };
        }
    }

    /// <summary>What is known of a directory, or null.</summary>
    public CycleFolder? Find(string directory)
    {
        lock (_lock) return _folders.GetValueOrDefault(directory);
    }

    /// <summary>We made a directory, or saw that it is there.</summary>
    public void AddDirectory(string directory) => Write(directory, known => known ?? CycleFolder.Empty(directory));

    /// <summary>We removed a directory.</summary>
    public void RemoveDirectory(string directory) => Write(directory, _ => null);

    /// <summary>We finished a recording.</summary>
    public void Add(Recording recording) => Write(recording.Timestamp, known => (known ?? CycleFolder.Empty(recording.Timestamp)).With(recording));

    /// <summary>We removed a recording.</summary>
    public void Remove(string directory, string filename) => Write(directory, known => known?.Without(filename));

    /// <summary>We wrote or read a report that tells of recordings.</summary>
    public void Learn(string directory, IReadOnlyDictionary<string, RecordingFacts> facts, ReportStamp? report) =>
        Change(directory, known => known?.With(facts, report));

    /// <summary>The newest directories that have a report to learn from.</summary>
    public CycleFolder[] Learnable(int atMost)
    {
        lock (_lock) return [.. _folders.Values.Reverse().Where(f => f.CanLearn).Take(atMost)];
    }

    /// <summary>The output directory is not there: nothing is.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _folders.Clear();
            _recordings = 0;
        }
    }

    /// <summary>A scan begins, before it lists the output directory.</summary>
    public void BeginScan()
    {
        lock (_lock) _touched.Clear();
    }

    /// <summary>A scan is about to read a directory.</summary>
    public void BeginRead(string directory)
    {
        lock (_lock) _touched.Remove(directory);
    }

    /// <summary>A scan has read a directory; false when our own writes made that view stale.</summary>
    public bool TryPublish(CycleFolder folder)
    {
        lock (_lock)
        {
            if (_touched.Contains(folder.Name)) return false;
            Put(folder.Name, folder.Replacing(_folders.GetValueOrDefault(folder.Name)));
            return true;
        }
    }

    /// <summary>A scan has seen every directory there is; those it did not see, and that we did not make meanwhile, are gone.</summary>
    public void EndScan(IReadOnlySet<string> seen)
    {
        lock (_lock)
        {
            foreach (var gone in _folders.Keys.Where(name => !seen.Contains(name) && !_touched.Contains(name)).ToArray()) Put(gone, null);
        }
    }

    private static Recording[] Slice(IEnumerable<CycleFolder> folders, int total, int offset, int limit)
    {
        var page = new Recording[Math.Clamp(total - Math.Max(offset, 0), 0, Math.Max(limit, 0))];
        var (skip, filled) = (Math.Max(offset, 0), 0);
        foreach (var folder in folders)
        {
            if (filled == page.Length) break;
            var from = Math.Min(skip, folder.Recordings.Length);
            var count = Math.Min(folder.Recordings.Length - from, page.Length - filled);
            folder.Recordings.AsSpan(from, count).CopyTo(page.AsSpan(filled));
            skip -= from;
            filled += count;
        }

        return page;
    }

    private void Write(string directory, Func<CycleFolder?, CycleFolder?> change)
    {
        lock (_lock)
        {
            _touched.Add(directory);
            Put(directory, change(_folders.GetValueOrDefault(directory)));
        }
    }

    private void Change(string directory, Func<CycleFolder?, CycleFolder?> change)
    {
        lock (_lock) Put(directory, change(_folders.GetValueOrDefault(directory)));
    }

    private void Put(string directory, CycleFolder? folder)
    {
        _recordings += (folder?.Recordings.Length ?? 0) - (_folders.TryGetValue(directory, out var old) ? old.Recordings.Length : 0);
        if (folder is null) _folders.Remove(directory);
        else _folders[directory] = folder;
    }
}
