namespace OrleansRecorder.Archive.Recovery;

/// <summary>Tells how long a finished recording is that nobody has told of: its process died before the cycle's report.</summary>
/// <param name="path">The absolute path of the file.</param>
/// <returns>Length of its media; null when it holds none, or is no recording. May throw <see cref="IOException"/>.</returns>
public delegate TimeSpan? RecordingMeasure(string path);
