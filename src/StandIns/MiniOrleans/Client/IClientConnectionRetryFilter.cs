namespace Orleans;

/// <summary>Decides whether a client that finds no gateway at its start tries again.</summary>
public interface IClientConnectionRetryFilter
{
    /// <summary>True to try again; false lets the exception end the host's start. Waits itself.</summary>
    Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken);
}
