namespace OrleansRecorder.Api;

/// <summary>Settings of the REST API, from the section <see cref="Section"/> of the host's configuration and from the code that composes the host.</summary>
public sealed class ApiOptions
{
    /// <summary>The section's name: <c>Api</c>.</summary>
    public const string Section = "Api";

    /// <summary>What stands for a time that has not come yet; default <see cref="Api.UnfinishedTime.Empty"/>.</summary>
    public UnfinishedTime UnfinishedTime { get; set; }

    /// <summary>The nodes whose archives are asked while the cluster has not named any yet: this process's own, when it is a node too. Default none.</summary>
    public string[] NodeNames { get; set; } = [];

    /// <summary>How long the lists wait for a slow node while others have answered; default 2 s.</summary>
    public TimeSpan NodeDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a grain may take to answer a read before it is asked once more, and then before the request is 503; default 5 s.</summary>
    public TimeSpan CallDeadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a grain may take for a change before the request is 503; default 15 s, more than a change is held while its storage is away. The change may still be made.
    /// </summary>
    public TimeSpan ChangeDeadline { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest request body in bytes; default 16 MiB, a configuration of tens of thousands of streams.</summary>
    public int MaxBodyBytes { get; set; } = 16 << 20;
}

/// <summary>How the API writes a time that has not come yet.</summary>
public enum UnfinishedTime
{
    /// <summary>As <c>""</c>.</summary>
    Empty = 0,

    /// <summary>As the Unix epoch in local time, <c>1970-01-01 08:00:00</c> in China, which older clients expect.</summary>
    Epoch = 1,
}
