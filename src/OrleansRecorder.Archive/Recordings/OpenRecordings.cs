namespace OrleansRecorder.Archive.Recordings;

/// <summary>The recordings that this process is writing, by the names they will have.</summary>
internal sealed class OpenRecordings
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _names.Values.Sum(names => names.Count);
        }
    }

    /// <summary>Whether any is in this directory.</summary>
    public bool Any(string directory)
    {
        lock (_lock) return _names.ContainsKey(directory);
    }

    /// <summary>Whether one has, or will have, this name.</summary>
    public bool Contains(string directory, string filename)
    {
        lock (_lock) return _names.TryGetValue(directory, out var names) && names.Contains(filename);
    }

    /// <summary>One is begun.</summary>
    public void Add(string directory, string filename)
    {
        lock (_lock)
        {
            if (!_names.TryGetValue(directory, out var names)) _names[directory] = names = new HashSet<string>(StringComparer.Ordinal);
            names.Add(filename);
        }
    }

    /// <summary>One has ended.</summary>
    public void Remove(string directory, string filename)
    {
        lock (_lock)
        {
            if (!_names.TryGetValue(directory, out var names)) return;
            names.Remove(filename);
            if (names.Count == 0) _names.Remove(directory);
        }
    }
}
