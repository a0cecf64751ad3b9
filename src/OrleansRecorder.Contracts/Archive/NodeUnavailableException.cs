namespace OrleansRecorder.Archive;

/// <summary>
/// The node, or every node that serves the archive, is not part of the cluster now: the API answers 503 with its name. What it recorded is there when
/// it is back. Callers meet it as itself or inside another <see cref="OrleansException"/>: <see cref="In"/> finds it in both.
/// </summary>
[GenerateSerializer, Alias("recorder.NodeUnavailableException")]
public sealed class NodeUnavailableException(string node) : OrleansException($"'{node}' is not part of the cluster now; what it recorded is there when it is back.")
{
    /// <summary>The node's name, or the archive's when that was asked for.</summary>
    [Id(0)] public string Node { get; private set; } = node;

    /// <summary>The one in an exception or in its causes; null when there is none.</summary>
    public static NodeUnavailableException? In(Exception? exception)
    {
        while (exception is not null and not NodeUnavailableException) exception = exception.InnerException;
        return (NodeUnavailableException?)exception;
    }
}
