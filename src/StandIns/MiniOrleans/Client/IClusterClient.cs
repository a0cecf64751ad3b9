namespace Orleans;

/// <summary>The way into the cluster, in a silo's host and in a client's host alike. The host starts and stops it.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The host's services.</summary>
    IServiceProvider ServiceProvider { get; }
}
