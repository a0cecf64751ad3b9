using System.Collections.Immutable;

namespace OrleansRecorder.Configuration;

/// <summary>What the host decides about a valid configuration.</summary>
/// <param name="AllowedSchemes">Schemes of <c>rtsp_url</c> in lower case.</param>
public sealed record ConfigRules(ImmutableArray<string> AllowedSchemes)
{
    /// <summary>Only <c>rtsp</c> and <c>rtsps</c>.</summary>
    public static ConfigRules Default { get; } = new(["rtsp", "rtsps"]);
}
