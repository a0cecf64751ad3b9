using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Archive.Recordings;

/// <summary>Removes recordings and cycle directories, never anything that lies elsewhere.</summary>
internal sealed class ArchiveRemoval(OutputDirectory output, ArchiveIndex index, RecordingStore store)
{
    private const int MaxDepth = 64;

    /// <summary>Removes one finished recording. Throws a refusal, or what the file system says.</summary>
    public void DeleteRecording(string clientPath)
    {
        var (directory, filename) = output.Locate(clientPath);
        lock (store.Locks.Of(directory))
        {
            using var cycle = output.OpenCycle(directory);
            RecordingReader.CheckFinished(store, cycle, directory, filename);
            if (!cycle.DeleteFile(filename)) throw Refusals.NoFile;
            index.Remove(directory, filename);
        }
    }

    /// <summary>Removes a cycle directory with all that is in it; links in it are removed themselves, not what they lead to.</summary>
    public void DeleteDirectory(string clientName)
    {
        var name = OutputDirectory.LocateCycle(clientName);
        lock (store.Locks.Of(name))
        {
            using var root = output.Open();
            using (var cycle = OpenForRemoval(root, name))
            {
                var names = cycle.Names();
                if (store.Open.Any(name) || names.Any(n => RecordingName.IsUnfinished(n) && store.IsAlive(cycle, name, n))) throw Refusals.DirectoryInUse;
                try
                {
                    DeleteContents(cycle, cycle.Facts.Device, depth: 0);
                }
                catch
                {
                    // Some of it is gone: let the next scan look.
                    index.AddDirectory(name);
                    throw;
                }
            }

            root.DeleteDirectory(name);
            index.RemoveDirectory(name);
        }
    }

    private static DirectoryHandle OpenForRemoval(DirectoryHandle root, string name)
    {
        try
        {
            return root.OpenDirectory(name);
        }
        catch (ArchiveException exception) when (exception.Result == ArchiveResult.NotFound)
        {
            throw Refusals.NoDirectory;
        }
    }

    private static void DeleteContents(DirectoryHandle directory, ulong device, int depth)
    {
        if (depth > MaxDepth) throw Refusals.TooDeep;
        foreach (var name in directory.Names())
        {
            if (directory.Stat(name) is not { } facts) continue;
            if (facts.Kind != FileKind.Directory)
            {
                directory.DeleteFile(name);
                continue;
            }

            // A directory mounted here from elsewhere is not ours to empty.
            if (facts.Device != device) throw Refusals.OtherDevice;
            using (var child = directory.OpenDirectory(name)) DeleteContents(child, device, depth + 1);
            directory.DeleteDirectory(name);
        }
    }
}
