namespace OrleansRecorder.Scheduling;

/// <summary>What one stream asks of a cycle.</summary>
/// <param name="Index">The stream's place in the configuration, from 0; unique in a cycle.</param>
/// <param name="DurationSeconds">The recording time it asks for, greater than 0.</param>
/// <param name="Weight">Its importance relative to the others, greater than 0.</param>
/// <param name="WaitedCycles">
/// How many cycles in a row it was not started in. A number, not a flag: when the streams need more than two cycles to take turns,
/// a flag would serve the heavier half again before those that have waited longest.
/// </param>
/// <param name="Key">Two streams of one key are never recorded at the same time; null when it collides with none.</param>
public sealed record StreamDemand(int Index, double DurationSeconds, double Weight, int WaitedCycles = 0, string? Key = null);
