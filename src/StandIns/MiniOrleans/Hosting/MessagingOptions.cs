namespace Orleans.Configuration;

/// <summary>How calls travel.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits. Default: 30 s; 30 min under a debugger.</summary>
    public TimeSpan ResponseTimeout { get; set; } = System.Diagnostics.Debugger.IsAttached ? TimeSpan.FromMinutes(30) : TimeSpan.FromSeconds(30);

    /// <summary>Bytes; longer messages are refused. Default: 100 MiB.</summary>
    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;
}

/// <summary>Calls from a silo.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How often a message that found no activation is sent on. Default: 2.</summary>
    public int MaxForwardCount { get; set; } = 2;
}

/// <summary>Calls from a client.</summary>
public class ClientMessagingOptions : MessagingOptions;
