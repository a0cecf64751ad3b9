namespace OrleansRecorder.Configuration;

/// <summary>There is no configuration: nothing was persisted, and the file is missing or broken. The message says what is wrong with it, and where.</summary>
[GenerateSerializer, Alias("recorder.ConfigUnavailableException")]
public sealed class ConfigUnavailableException(string message) : Exception(message);
