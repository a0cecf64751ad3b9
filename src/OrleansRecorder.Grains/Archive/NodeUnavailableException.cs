namespace OrleansRecorder.Archive;

/// <summary>There is no such node now: the API answers 503. Callers on other nodes may see another <see cref="OrleansException"/> that wraps it.</summary>
[GenerateSerializer, Alias("recorder.NodeUnavailableException")]
public sealed class NodeUnavailableException(string node) : OrleansException($"Node '{node}' is not part of the cluster now; what it recorded is there when it is back.");
