namespace OrleansRecorder.Api.Errors;

/// <summary>On an endpoint: the message of its 503 when the cluster cannot be reached.</summary>
internal sealed record WhenUnreachable(LocalizedText Message)
{
    /// <summary>For endpoints that say nothing of their own.</summary>
    public static LocalizedText Otherwise { get; } = new("录制集群暂时无法访问, 请稍后重试", "the recording cluster cannot be reached at the moment, try again later");
}
