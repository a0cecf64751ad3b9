namespace OrleansRecorder.Archive;

/// <summary>Room on the volume that holds an output directory.</summary>
/// <param name="FreeBytes">What this process may still write.</param>
/// <param name="TotalBytes">The volume's size.</param>
public sealed record VolumeSpace(long FreeBytes, long TotalBytes)
{
    /// <summary>Asks the volume of a path, or of the nearest directory above it that exists; null when it does not say, which is no sign of room.</summary>
    public static VolumeSpace? Of(string path)
    {
        try
        {
            var existing = Path.GetFullPath(path);
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent) existing = parent;
            var drive = new DriveInfo(existing);
            return new VolumeSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
