namespace OrleansRecorder.FarmTests.Harness;

/// <summary>Processes as the kernel lists them.</summary>
internal static class ProcessTree
{
    /// <summary>A process that can be told from a later one with the same id.</summary>
    public sealed record Entry(int Id, int Parent, string Started, string Command)
    {
        /// <summary>It is there; a zombie is not.</summary>
        public bool IsAlive => Read(Id) is { } now && now.Started == Started;
    }

    /// <summary>All that a process has started, and what those have.</summary>
    public static IReadOnlyList<Entry> Below(int id)
    {
        var all = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => Read(int.Parse(name!))).OfType<Entry>().ToLookup(e => e.Parent);
        var found = new List<Entry>();
        for (var next = new Queue<int>([id]); next.TryDequeue(out var parent);)
        {
            foreach (var child in all[parent])
            {
                found.Add(child);
                next.Enqueue(child.Id);
            }
        }

        return found;
    }

    // pid (command) state ppid ... the 22nd is when it started.
    private static Entry? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var command = text[(text.IndexOf('(') + 1)..text.LastIndexOf(')')];
            var rest = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return rest[0] is "Z" or "X" ? null : new Entry(id, int.Parse(rest[1]), rest[19], command);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }
}
