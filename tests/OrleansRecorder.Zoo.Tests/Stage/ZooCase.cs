namespace OrleansRecorder.Zoo.Tests.Stage;

/// <summary>One animal of the zoo.</summary>
/// <param name="Name">Number and name, as in docs/design/camera-zoo.md.</param>
/// <param name="Seconds">How long it takes at least.</param>
/// <param name="Play">Plays it; throws what is not as it must be.</param>
internal sealed record ZooCase(string Name, double Seconds, Func<ZooStage, Task> Play);
