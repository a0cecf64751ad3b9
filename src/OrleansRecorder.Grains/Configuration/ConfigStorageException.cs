namespace OrleansRecorder.Configuration;

/// <summary>A change of the configuration could not be made safe, because its storage is away: it was not made. The API answers 503.</summary>
[GenerateSerializer, Alias("recorder.ConfigStorageException")]
public sealed class ConfigStorageException() : OrleansException("The configuration's storage is away; the configuration stays as it is until the storage is back.");
