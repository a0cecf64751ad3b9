namespace Orleans.Configuration;

/// <summary>How a client knows its gateways.</summary>
public class GatewayOptions
{
    /// <summary>How often it looks for new ones. Default: 1 minute.</summary>
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
