namespace Orleans.Runtime;

/// <summary>Runs once the silo is in the cluster; an exception ends the host's start.</summary>
public interface IStartupTask
{
    /// <summary>May call grains.</summary>
    Task Execute(CancellationToken cancellationToken);
}
