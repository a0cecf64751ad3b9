namespace Orleans;

/// <summary>The order of a silo's start.</summary>
public static class ServiceLifecycleStage
{
    /// <summary>The silo serves.</summary>
    public const int Active = 20000;
}
