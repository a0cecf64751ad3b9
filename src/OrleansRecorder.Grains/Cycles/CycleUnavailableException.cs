namespace OrleansRecorder.Cycles;

/// <summary>The scheduler cannot make anything safe now, because its storage is away: nothing was changed. The API answers 503.</summary>
[GenerateSerializer, Alias("recorder.CycleUnavailableException")]
public sealed class CycleUnavailableException() : OrleansException("The scheduler's storage is away; it goes on with what runs, and takes no orders until the storage is back.");
