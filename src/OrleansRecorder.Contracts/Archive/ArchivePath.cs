namespace OrleansRecorder.Archive;

/// <summary>How paths in the archive are written for people and clients.</summary>
public static class ArchivePath
{
    /// <summary>
    /// <c>output_directory/yyyyMMdd_HHmmss/name.mp4</c>, the output directory as configured (a slash at its end is not doubled):
    /// the API's <c>full_path</c> and <c>output_file</c>, and what its DELETE takes.
    /// </summary>
    public static string FullPath(string outputDirectory, string cycleDirectory, string filename) =>
        $"{outputDirectory.TrimEnd('/')}/{cycleDirectory}/{filename}";

    /// <summary>The same of a cycle directory.</summary>
    public static string FullPath(string outputDirectory, string cycleDirectory) => $"{outputDirectory.TrimEnd('/')}/{cycleDirectory}";
}
