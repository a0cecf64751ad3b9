namespace OrleansRecorder.Archive.Names;

/// <summary>A file's place in the archive: a cycle directory and a bare file name, and nothing that could lead elsewhere.</summary>
/// <param name="Directory">A valid <see cref="CycleName"/>.</param>
/// <param name="Filename">A <see cref="RecordingName.IsBare"/> name.</param>
internal readonly record struct ArchiveLocation(string Directory, string Filename)
{
    /// <summary>Relative to the output directory.</summary>
    public override string ToString() => $"{Directory}/{Filename}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ArchiveLocation? Parse(string relativePath) =>
        relativePath.Split('/') is [var directory, var filename] && CycleName.IsValid(directory) && RecordingName.IsBare(filename)
            ? new ArchiveLocation(directory, filename)
            : null;
}
